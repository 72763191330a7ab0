-- A rebalance is a wish, and nothing that comes after needs it: only one that fails is told.
local annotations = obj.metadata.annotations or {}
if annotations["strimzi.io/rebalance-template"] == "true" then
  return { status = "Healthy", message = "a template, which the operator copies" }
end
local status = obj.status
if status == nil or status.conditions == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "waiting for the operator" }
end
for _, condition in ipairs(status.conditions) do
  if condition.type == "NotReady" and condition.status == "True" then
    return { status = "Degraded", message = condition.message or condition.reason or "not ready" }
  end
  -- A proposal that waits for approval, and one that is carried out for hours, hold up nobody.
  if condition.status == "True" and condition.type ~= "New" and condition.type ~= "PendingProposal" then
    return { status = "Healthy", message = condition.type }
  end
end
return { status = "Progressing", message = "waiting for a proposal" }
