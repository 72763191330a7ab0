-- Whether a wave of the root may go on: a child is healthy when it has applied the commit that the root gave it and what it applied is.
-- Argo CD itself has no health for Application, so every wave would pass at once. The verdicts of a child are read with care:
--   * resources that are missing do not count in its own health, so a child of which half is applied calls itself Healthy
--   * its status may be older than its spec
--   * while it waits, the root holds its commit, and the repair in a newer one is not looked at: whatever cannot come to an end by
--     itself is Degraded, which fails the root's sync, and the root's next attempt takes the newest commit
local os = require("os")

-- Seconds that a child may take. Longer, and the root tries again with the newest commit; the child goes on meanwhile.
local patience = 600

local function verdict(status, message) return { status = status, message = message } end
local function progressing(message) return verdict("Progressing", message) end
local function degraded(message) return verdict("Degraded", message) end
local function overdue(since) return since ~= nil and since < os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() - patience) end

local status, spec = obj.status, obj.spec
if status == nil then return progressing("waiting for the first reconciliation") end

for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "ComparisonError" or condition.type == "InvalidSpecError" or condition.type == "SyncError" then
    return degraded(condition.type .. ": " .. (condition.message or ""))
  end
end

if status.health == nil or status.sync == nil then return progressing("waiting for the first reconciliation") end

local function same(wanted, compared)
  if wanted == nil or compared == nil then return wanted == compared end
  return wanted.repoURL == compared.repoURL and wanted.targetRevision == compared.targetRevision
    and wanted.path == compared.path and wanted.chart == compared.chart
end

local compared = status.sync.comparedTo or {}
local current
if spec.sources ~= nil then
  current = compared.sources ~= nil and #compared.sources == #spec.sources
  if current then
    for index, source in ipairs(spec.sources) do current = current and same(source, compared.sources[index]) end
  end
else
  current = same(spec.source, compared.source)
end
if not current then return progressing("status is older than spec") end

local operation = status.operationState

-- What the operation says of itself is general; which resource it is, stands with the resources.
local function reasons()
  local text = ""
  for _, resource in ipairs(operation.syncResult ~= nil and operation.syncResult.resources or {}) do
    if resource.hookPhase == "Failed" or resource.status == "SyncFailed" then
      text = text .. "; " .. resource.kind .. "/" .. resource.name .. ": " .. (resource.message or "")
    end
  end
  return text
end

if operation ~= nil and (operation.phase == "Running" or operation.phase == "Terminating") then
  if (operation.retryCount or 0) > 0 then
    return degraded("sync fails, retry " .. operation.retryCount .. ": " .. (operation.message or "") .. reasons())
  end
  if overdue(operation.startedAt) then
    return degraded("sync runs since " .. operation.startedAt .. ": " .. (operation.message or "") .. reasons())
  end
  return progressing(operation.message or "syncing")
end

if status.sync.status ~= "Synced" then
  if operation == nil then return progressing("never synced") end
  if operation.phase ~= "Succeeded" then return degraded((operation.message or "sync failed") .. reasons()) end
  -- OutOfSync after a sync of the same commit is a difference that comes back, and no reason to wait: it would be for ever.
  local result = operation.syncResult or {}
  local applied
  if status.sync.revisions ~= nil then
    applied = result.revisions ~= nil
    if applied then
      for index, revision in ipairs(status.sync.revisions) do applied = applied and result.revisions[index] == revision end
    end
  else
    applied = result.revision == status.sync.revision
  end
  if not applied then return progressing("new revision not synced yet") end
  -- But what was compared before that sync ended is of the time before: what it has just made is still missing there, and what it has
  -- just changed still healthy. Times are whole seconds, so the same second is not late enough.
  if operation.finishedAt == nil or status.reconciledAt == nil or status.reconciledAt <= operation.finishedAt then
    return progressing("waiting for a comparison after the sync")
  end
  -- What Argo CD remembers of the cluster comes after what it has applied there; what is missing does not count in the child's health.
  for _, resource in ipairs(status.resources or {}) do
    if resource.status == "OutOfSync" and resource.health ~= nil and resource.health.status == "Missing" then
      local missing = resource.kind .. "/" .. resource.name .. " is missing after the sync"
      if overdue(operation.finishedAt) then return degraded(missing) end
      return progressing(missing)
    end
  end
end

local message = ""
for _, resource in ipairs(status.resources or {}) do
  local health = resource.health
  if health ~= nil and health.status ~= nil and health.status ~= "Healthy" then
    message = message .. resource.kind .. "/" .. resource.name .. " " .. health.status .. ": " .. (health.message or "") .. "; "
  end
end
if status.health.status == "Progressing" and overdue(status.health.lastTransitionTime) then
  return degraded("not healthy since " .. status.health.lastTransitionTime .. ": " .. message)
end
return verdict(status.health.status, message)
