-- Kinds with a condition Ready, whose operators try again by themselves: what is not ready yet is waited for, and the health of the
-- application says when that takes too long.
local waiting = { status = "Progressing", message = "waiting for the operator" }
local status = obj.status
if status == nil or status.conditions == nil or status.observedGeneration ~= obj.metadata.generation then return waiting end
for _, condition in ipairs(status.conditions) do
  if condition.type == "Ready" and condition.status == "True" then return { status = "Healthy", message = "" } end
  if condition.type == "Ready" then waiting.message = condition.message or condition.reason or "not ready" end
end
return waiting
