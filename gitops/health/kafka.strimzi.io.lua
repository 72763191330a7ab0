-- Kinds of Strimzi with a condition Ready or NotReady. A verdict about an older generation is none: after a change, what stands there is
-- still the old Ready.
local waiting = { status = "Progressing", message = "waiting for the operator" }
local status = obj.status
if status == nil or status.conditions == nil or status.observedGeneration ~= obj.metadata.generation then return waiting end

for _, condition in ipairs(status.conditions) do
  if condition.type == "Ready" and condition.status == "True" then return { status = "Healthy", message = "" } end
  -- So says the Topic Operator; a topic that it does not manage any more is said to be Ready.
  if condition.type == "Ready" and condition.status == "False" then
    return { status = "Degraded", message = condition.message or condition.reason or "not ready" }
  end
  if condition.type == "NotReady" and condition.status == "True" then
    if condition.reason == "Creating" then return { status = "Progressing", message = condition.message or "creating" } end
    return { status = "Degraded", message = condition.message or condition.reason or "not ready" }
  end
end

-- Nothing is said as long as reconciliation is paused. A wave that waits for it would wait until somebody remembers.
for _, condition in ipairs(status.conditions) do
  if condition.type == "ReconciliationPaused" and condition.status == "True" then
    return { status = "Degraded", message = "reconciliation is paused: remove the annotation strimzi.io/pause-reconciliation" }
  end
end
return waiting
