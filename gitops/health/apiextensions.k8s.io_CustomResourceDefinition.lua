-- A CustomResourceDefinition is established milliseconds after it is made, and Argo CD does not look again when it is: an application with
-- many of them would be Progressing until its next timed refresh, up to two of those intervals. What a wave has to wait for is the
-- operator's Deployment beside it. So only what does not mend by itself is told.
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  if condition.type == "NamesAccepted" and condition.status == "False" and condition.reason ~= nil then
    return { status = "Degraded", message = condition.message or condition.reason }
  end
  if condition.type == "NonStructuralSchema" and condition.status == "True" then
    return { status = "Degraded", message = condition.message or "the schema is not structural" }
  end
  if condition.type == "Terminating" and condition.status == "True" then
    return { status = "Progressing", message = condition.message or "is being deleted" }
  end
end
return { status = "Healthy", message = "" }
