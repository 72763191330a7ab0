#!/bin/sh
# Installs Argo CD and gives it the root application; from then on Git decides. The only program of the bootstrap Job.
#
# Every step looks at the cluster and does what is missing, so that it can be run again at any time: after it was interrupted anywhere,
# after a teardown, and when nothing has changed. What is in the way is told (log, Event, ConfigMap argocd-bootstrap-result) and tried
# again until it is gone: who has added a StorageClass or a credential need not do anything else.
#
#   JOB, JOB_UID, POD  who we are
#   CONTENT            hash of all that this bootstrap consists of
#   CHART_REPOSITORY, CHART_VERSION, SEALING, PREFLIGHT_SKIP
set -u

namespace=argocd
release=argocd
here=${HERE:-/bootstrap}
export ROOT_FILE="$here/root/root.yaml"
log=/tmp/log
: >"$log"

say() { echo "$*" | tee -a "$log"; }
quiet() { "$@" >/dev/null 2>&1; }
ours() { kubectl -n $namespace "$@"; }
# A wait that SIGTERM ends, which a shell otherwise notices only when the command in front is over.
pause() {
  sleep "$1" &
  wait $!
}
# `&&`: what was found, twice; what an awk makes of backslashes in a replacement differs. Tools colour their errors, or move the cursor.
json() { tr -d '\000-\010\013-\037' | awk 'BEGIN { ORS = "" } NR > 1 { print "\\n" } { gsub(/\\/, "&&"); gsub(/"/, "\\\\&"); gsub(/\t/, " "); print }'; }

# --- Telling how it goes ---------------------------------------------------------------------------------------------------------------

# result PHASE MESSAGE: for whoever comes when the Job, with its log, is gone.
result() {
  ours patch configmap argocd-bootstrap-result --type merge -p "{\"data\":{\"phase\":\"$1\",\"message\":\"$(echo "$2" | json)\",\"content\":\"$CONTENT\",\"job\":\"$JOB\",\"time\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"log\":\"$(tail -n 60 "$log" | json)\"}}" >/dev/null
}

# event TYPE REASON MESSAGE: shown by `kubectl -n argocd get events` and beside the Job.
event() {
  now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  ours create -f - >/dev/null <<END
{ "apiVersion": "v1", "kind": "Event", "metadata": { "generateName": "argocd-bootstrap-", "namespace": "$namespace" },
  "involvedObject": { "apiVersion": "batch/v1", "kind": "Job", "namespace": "$namespace", "name": "$JOB", "uid": "$JOB_UID" },
  "type": "$1", "reason": "$2", "message": "$(echo "$3" | cut -c 1-1000 | json)", "count": 1,
  "firstTimestamp": "$now", "lastTimestamp": "$now", "source": { "component": "argocd-bootstrap" } }
END
}

# blocked REASON MESSAGE: what is in the way, told once until it changes.
told=''
blocked() {
  [ "$told" != "$2" ] || return 1
  told=$2
  say "✗ $2"
  event Warning "$1" "$2"
  result Blocked "$2"
  return 1
}

# --- One at a time, and gone in the end ------------------------------------------------------------------------------------------------

# Jobs of a bootstrap, oldest first, as lines `name uid`.
jobs_of_ours() { ours get jobs -l app.kubernetes.io/name=argocd-bootstrap --sort-by=.metadata.creationTimestamp -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}'; }
another_job() { jobs_of_ours | grep -v -q " $JOB_UID\$"; }
give_rights_back() { kubectl delete clusterrolebinding argocd-bootstrap --ignore-not-found --wait=false; }

# The Job goes too. If it stayed, the next `kubectl apply` would lend the rights again and start nothing that gives them back.
leave() {
  give_rights_back
  ours delete job "$JOB" --ignore-not-found --cascade=background --wait=false
  # An apply in between has lent them again and found a Job that it need not make.
  another_job 2>/dev/null || quiet give_rights_back
}

# The Job was deleted or its time is over: nobody comes after us. Or only this pod has to go, and the next one needs the rights.
job_is_over() {
  state=$(ours get job "$JOB" --ignore-not-found -o 'jsonpath={.metadata.uid} {.metadata.deletionTimestamp} {.status.conditions[?(@.status=="True")].type}') || return 1
  case $state in
    "$JOB_UID  "*Fail*) return 0 ;;
    "$JOB_UID  "*) return 1 ;;
  esac
}

# A shell runs this between two commands, never within one: a helm that is under way comes to its end, as long as the pod's grace lasts.
stop() {
  trap '' TERM
  for _ in 1 2 3; do
    if job_is_over; then
      say 'Stopped before it was done. Applying gitops/bootstrap again goes on.'
      another_job || {
        # The rights first: the grace may be short.
        leave
        result Stopped "stopped before it was done; applying gitops/bootstrap again goes on. In the way was: ${told:-nothing}"
      }
      break
    fi
    sleep 1
  done
  exit 143
}
trap stop TERM

# What another bootstrap, of another content, was about: we are newer. And a pod that is still ending may have a helm under way.
be_alone() {
  jobs_of_ours | sed "/ $JOB_UID\$/,\$d" | while read -r name _; do
    say "Taking over from $name"
    quiet ours delete job "$name" --ignore-not-found --wait=false
  done
  # Longer than the grace of a pod, nobody can be at work any more.
  for _ in $(seq 75); do
    older=$(ours get pods -l app.kubernetes.io/name=argocd-bootstrap --sort-by=.metadata.creationTimestamp -o 'jsonpath={range .items[?(@.status.phase!="Succeeded")]}{.metadata.name} {.status.phase}{"\n"}{end}' | sed "/^$POD /,\$d" | grep -v ' Failed$')
    [ -n "$older" ] || return 0
    say "Waiting for $(echo "$older" | cut -d ' ' -f 1 | tr '\n' ' ')to end"
    pause 2
  done
}

# --- The steps -------------------------------------------------------------------------------------------------------------------------

preflight() {
  if answer=$(sh "$here/install/preflight.sh"); then
    [ "$told_preflight" = "$answer" ] || say "$answer"
    told_preflight=$answer
    return 0
  fi
  [ "$told_preflight" = "$answer" ] || echo "$answer" | grep -v '^✗' | tee -a "$log"
  told_preflight=$answer
  blocked Preflight "$(echo "$answer" | sed -n 's/^✗ //p' | tr '\n' ' ' | sed 's/ $//')"
}
told_preflight=''

# Its controller, and what renders for it: enough for Git to repair the rest.
argocd_works() {
  quiet ours rollout status statefulset/argocd-application-controller --timeout=60s &&
    quiet ours rollout status deployment/argocd-repo-server --timeout=60s &&
    quiet ours rollout status deployment/argocd-redis --timeout=60s
}

install_argocd() {
  # Kept with the release: other addresses or programs of the bootstrap are no reason to install the same again.
  wanted=$({ echo "$CHART_REPOSITORY $CHART_VERSION" && cat "$here"/values/*.yaml; } | sha256sum | cut -c 1-8)
  if quiet ours get applications.argoproj.io argocd; then
    if argocd_works; then
      say 'Argo CD looks after itself: nothing to install'
      return 0
    fi
    say 'Argo CD should look after itself, and does not run: installing it again'
  elif [ -n "$(ours get secret -l "owner=helm,name=$release,status=deployed,wanted=$wanted" -o name)" ] && argocd_works; then
    say 'Argo CD is installed as it should be'
    return 0
  fi
  # That kinds and release are ours is known from now on, wherever we are interrupted.
  quiet ours patch configmap argocd-bootstrap-result --type merge -p "{\"data\":{\"begun\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"}}"
  # A helm that was killed leaves a release that says "another operation is in progress" for ever. There is none: we are alone.
  quiet ours delete secret -l "owner=helm,name=$release,status in (pending-install,pending-upgrade,pending-rollback,uninstalling)"
  values="--values $here/values/values.yaml"
  for file in "$here"/values/*.yaml; do
    [ "$file" = "$here/values/values.yaml" ] || values="$values --values $file"
  done
  say "Installing Argo CD, chart $CHART_VERSION. This takes some minutes"
  # --force-conflicts: fields that a former Application `argocd` set have it as their owner after it is gone.
  # --wait=watcher: without it, Helm 4 waits for hooks only.
  # shellcheck disable=SC2086 # a list of options
  helm upgrade --install $release argo-cd --repo "$CHART_REPOSITORY" --version "$CHART_VERSION" --namespace $namespace $values \
    --labels "wanted=$wanted" --history-max 5 --force-conflicts --wait=watcher --timeout 10m >/tmp/helm 2>&1 || {
    tail -n 20 /tmp/helm | tee -a "$log"
    blocked Helm "Argo CD cannot be installed: $(tail -n 1 /tmp/helm). What its pods say: kubectl -n $namespace get pods,events. It is tried again."
    return 1
  }
  say 'Argo CD runs'
}

apply_root() {
  quiet kubectl wait --for=condition=Established --timeout=60s crd/applications.argoproj.io crd/appprojects.argoproj.io crd/applicationsets.argoproj.io || {
    blocked Kinds 'the kinds of Argo CD are not served: kubectl describe crd applications.argoproj.io. It is tried again.'
    return 1
  }
  kubectl apply --server-side --force-conflicts --field-manager=argocd-bootstrap -f "$ROOT_FILE" >/tmp/root 2>&1 || {
    blocked Root "the root application is refused: $(tail -n 1 /tmp/root). Correct gitops/bootstrap/30-root.yaml and apply again."
    return 1
  }
  # The finalizer has the name that Argo CD gave it, which Kubernetes warns about.
  say "$(grep -v '^Warning' /tmp/root)"
}

root() { ours get applications.argoproj.io root -o "jsonpath=$1"; }
policy_of() { ours get applications.argoproj.io "$1" -o "jsonpath={.spec.syncPolicy$2}"; }

# begin_sync APPLICATION [FIELDS]: as its automated sync would, from the first try on.
begin_sync() {
  quiet ours patch applications.argoproj.io "$1" --type merge -p "{\"operation\":{\"initiatedBy\":{\"username\":\"argocd-bootstrap\"},\"retry\":$(policy_of "$1" .retry),\"sync\":{${2:-}\"prune\":true,\"syncOptions\":$(policy_of "$1" .syncOptions)}}}"
}

# Argo CD has looked at the root since we asked it to. Hard: an error that it remembers is not an answer.
look_at_root() {
  quiet ours annotate applications.argoproj.io root argocd.argoproj.io/refresh=hard --overwrite
  for _ in $(seq 60); do
    [ -n "$(root '{.metadata.annotations.argocd\.argoproj\.io/refresh}')" ] || return 0
    pause 2
  done
  blocked Controller "Argo CD does not look at the root application: kubectl -n $namespace logs statefulset/argocd-application-controller. It is tried again."
}

read_root() {
  look_at_root || return 1
  error=$(root '{range .status.conditions[?(@.type=="ComparisonError")]}{.message}{end}{range .status.conditions[?(@.type=="InvalidSpecError")]}{.message}{end}' | tr '\n' ' ')
  if [ -n "$error" ]; then
    blocked Root "Argo CD cannot read the root application: $error. An address, branch or path that is wrong: correct gitops/bootstrap/30-root.yaml and apply again. A private repository: make a Secret in the namespace $namespace with the label argocd.argoproj.io/secret-type: repository and the fields type: git, url, username and password."
    return 1
  fi
  revision=$(root '{.status.sync.revision}')
  if [ -z "$revision" ]; then
    blocked Root "Argo CD has not read the root application yet: kubectl -n $namespace describe application root. It is tried again."
    return 1
  fi
  say "Root is at commit $revision"
}

# A sync that waits for something that never comes keeps to its commit, and the repair, a newer one, is not looked at. Ending it is only
# right when there is a newer one: on the same commit Argo CD would not begin again. When it ended on that commit, we begin it.
move_root_on() {
  phase=$(root '{.status.operationState.phase}')
  case $phase in
    Running)
      at=$(root '{.status.operationState.operation.sync.revision}')
      [ -n "$at" ] && [ "$at" != "$revision" ] || return 0
      say "Root still waits at commit $at: ending that, for $revision"
      quiet ours patch applications.argoproj.io root --type merge -p '{"status":{"operationState":{"phase":"Terminating"}}}'
      ;;
    Failed | Error)
      [ "$(root '{.status.sync.status}')" != Synced ] || return 0
      say "Root's last sync has ended ($phase): beginning another"
      begin_sync root "\"revision\":\"$revision\","
      ;;
  esac
}

# An application whose retries are used up is not tried again at the same commit, though what was in its way may be gone.
move_applications_on() {
  ours get applications.argoproj.io -o 'jsonpath={range .items[*]}{.metadata.name} {.status.operationState.phase} {.status.sync.status}{"\n"}{end}' |
    while read -r name phase sync; do
      case "$name $phase $sync" in
        'root '* | *' Synced') continue ;;
        *' Failed '* | *' Error '*) ;;
        *) continue ;;
      esac
      say "The sync of $name has used up its retries: beginning another"
      begin_sync "$name"
    done
}

bootstrap() { preflight && install_argocd && apply_root && read_root && move_root_on && move_applications_on; }

# Before the Job's time is over, which would end it within a command, with its rights left in place.
began=$(date +%s)
be_alone
until bootstrap; do
  if [ $(($(date +%s) - began)) -gt 2400 ]; then
    say 'Given up after 40 minutes. Applying gitops/bootstrap again goes on.'
    result Stopped "given up after 40 minutes; applying gitops/bootstrap again goes on. In the way was: ${told:-nothing}"
    trap '' TERM
    leave
    exit 0
  fi
  pause 15
done
say 'Done: kubectl -n argocd get applications shows what comes now'
event Normal Bootstrapped 'Argo CD runs and has the root application; the rights of the bootstrap are given back'
result Complete 'Argo CD runs and has the root application'
trap '' TERM
leave
