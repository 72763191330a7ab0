-- A pool has no condition: the operator writes its status when it deploys the pool, and the Kafka tells whether the nodes are ready.
local status = obj.status
if status == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "waiting for the operator" }
end
return { status = "Healthy", message = "" }
