-- DEPLOYED, which Argo CD goes by, is before the job runs; STABLE is when it has run and is not rolled back any more.
local status = obj.status
if status == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "waiting for the operator" }
end
local state = status.lifecycleState or "waiting for the operator"
if state == "STABLE" then return { status = "Healthy", message = "" } end
if state == "FAILED" or state == "ROLLED_BACK" then return { status = "Degraded", message = status.error or state } end
if state == "SUSPENDED" then return { status = "Degraded", message = "suspended: set spec.job.state to running" } end
return { status = "Progressing", message = status.error or state }
