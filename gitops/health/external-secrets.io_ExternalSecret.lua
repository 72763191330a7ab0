-- It observes no generation, and the operator tries again by itself: Degraded, as Argo CD has it, would fail the sync of whoever waits.
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  if condition.type == "Ready" then
    if condition.status == "True" then return { status = "Healthy", message = "" } end
    return { status = "Progressing", message = condition.message or condition.reason or "not ready" }
  end
end
return { status = "Progressing", message = "waiting for the operator" }
