local status = obj.status
if status == nil or status.observedGeneration ~= obj.metadata.generation or status.applied == nil then
  return { status = "Progressing", message = (status or {}).message or "waiting for the operator" }
end
if status.applied then return { status = "Healthy", message = "" } end
-- It tries again by itself, as long as the cluster is not there yet.
return { status = "Progressing", message = status.message or "not applied" }
