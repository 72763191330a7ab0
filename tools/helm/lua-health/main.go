// Command lua-health runs health scripts as Argo CD does: with the same Lua, the same libraries, the same time, and the resource as `obj`.
//
// It reads JSON lines {"script": "…", "object": {…}} and prints for each {"status": "…", "message": "…"} or {"error": "…"}.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"
)

const (
	patience = time.Second
	longest  = 4 << 20
)

type request struct {
	Script string         `json:"script"`
	Object map[string]any `json:"object"`
}

type answer struct {
	Status  string `json:"status,omitempty"`
	Message string `json:"message"`
	Error   string `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longest)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := answers.Encode(judge(lines.Bytes())); err != nil {
			fail(err)
		}
	}
	if err := lines.Err(); err != nil {
		fail(err)
	}
}

func judge(line []byte) answer {
	var wanted request
	if err := json.Unmarshal(line, &wanted); err != nil {
		return answer{Error: err.Error()}
	}
	verdict, err := run(wanted)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return verdict
}

func run(wanted request) (answer, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	limit, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	state.SetContext(limit)
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable}} {
		call := lua.P{Fn: state.NewFunction(library.open), Protect: true}
		if err := state.CallByParam(call, lua.LString(library.name)); err != nil {
			return answer{}, err
		}
	}
	state.PreloadModule(lua.OsLibName, timeOnly)
	state.SetGlobal("obj", value(state, wanted.Object))
	if err := state.DoString(wanted.Script); err != nil {
		return answer{}, err
	}
	verdict, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return answer{}, fmt.Errorf("the script returns a %s, not a table", state.Get(-1).Type())
	}
	status, ok := verdict.RawGetString("status").(lua.LString)
	if !ok {
		return answer{}, fmt.Errorf("the script returns no status")
	}
	message := verdict.RawGetString("message")
	if message.Type() != lua.LTString && message != lua.LNil {
		return answer{}, fmt.Errorf("the script returns a %s as message", message.Type())
	}
	return answer{Status: string(status), Message: lua.LVAsString(message)}, nil
}

// timeOnly is the library `os` with what tells the time, and nothing that reaches files or processes.
func timeOnly(state *lua.LState) int {
	lua.OpenOs(state)
	library, _ := state.Get(-1).(*lua.LTable)
	names := []lua.LValue{}
	library.ForEach(func(name, _ lua.LValue) { names = append(names, name) })
	for _, name := range names {
		if name.String() != "date" && name.String() != "time" {
			library.RawSet(name, lua.LNil)
		}
	}
	state.SetGlobal(lua.OsLibName, lua.LNil)
	return 1
}

func value(state *lua.LState, from any) lua.LValue {
	switch from := from.(type) {
	case bool:
		return lua.LBool(from)
	case float64:
		return lua.LNumber(from)
	case string:
		return lua.LString(from)
	case []any:
		table := state.CreateTable(len(from), 0)
		for _, item := range from {
			table.Append(value(state, item))
		}
		return table
	case map[string]any:
		table := state.CreateTable(0, len(from))
		for key, item := range from {
			table.RawSetString(key, value(state, item))
		}
		return table
	}
	return lua.LNil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "lua-health:", err)
	os.Exit(1)
}
