-- CloudNativePG says in words what it does. It observes no generation, so the number of instances is compared as well.
local status = obj.status
if status == nil or status.phase == nil then return { status = "Progressing", message = "waiting for the operator" } end
local annotations = obj.metadata.annotations or {}
if annotations["cnpg.io/hibernation"] == "on" then
  return { status = "Degraded", message = "hibernates: remove the annotation cnpg.io/hibernation" }
end
local message = status.phase
if status.phaseReason ~= nil then message = message .. ": " .. status.phaseReason end
if status.phase == "Cluster in healthy state" then
  if status.instances == obj.spec.instances and status.readyInstances == obj.spec.instances then
    return { status = "Healthy", message = "" }
  end
  return { status = "Progressing", message = (status.readyInstances or 0) .. " of " .. obj.spec.instances .. " instances are ready" }
end
-- Phases in which it does nothing until somebody acts.
local stuck = {
  ["Cluster cannot execute instance online upgrade"] = true,
  ["Cluster cannot proceed to reconciliation due to an unknown plugin being required"] = true,
  ["Cluster has incomplete or invalid image catalog"] = true,
  ["Cluster is unrecoverable and needs manual intervention"] = true,
  ["Cluster upgrade failed"] = true,
  ["Not enough disk space"] = true,
  ["Unable to create required cluster objects"] = true,
}
if stuck[status.phase] then return { status = "Degraded", message = message } end
return { status = "Progressing", message = message }
