#!/bin/sh
# Tells whether Argo CD can be installed on the cluster that kubectl talks to, and what to do if not. Changes nothing.
#
# The one list of what can be wrong before we begin: `npm run preflight` runs it on a developer's machine, and the bootstrap Job runs it
# in the cluster. Needs sh, awk, sed and kubectl; what git and helm are for is left out where they are missing.
#
#   ROOT_FILE         the file with the root application (gitops/bootstrap/30-root.yaml, or its content)
#   CHART_REPOSITORY  where the chart argo-cd comes from
#   CHART_VERSION     which version of it
#   SEALING           the folder with the certificates of sealed secrets (gitops/sealing, or its content)
#   PREFLIGHT_SKIP    names of checks, separated by spaces, whose answer does not count
#
# Prints a line per check: ✓ fine, - not to be told here, ✗ what is wrong and what to do. Exits with 1 when there is a ✗.
set -u

namespace=argocd
release=argocd
oldest_kubernetes_minor=30
failed=0

temporary=$(mktemp -d) || exit 1
trap 'rm -rf "$temporary"' EXIT
# What the clients remember between calls goes with this folder.
export KUBECACHEDIR="$temporary/kube" HELM_CACHE_HOME="$temporary/helm" HELM_CONFIG_HOME="$temporary/helm" HELM_DATA_HOME="$temporary/helm"

fine() { echo "✓ $1: $2"; }
untold() { echo "- $1: $2"; }
wrong() {
  case " ${PREFLIGHT_SKIP:-} " in
    *" $1 "*) untold "$1" "passed over, as asked. $2" ;;
    *)
      echo "✗ $1: $2"
      failed=1
      ;;
  esac
}
in_one_line() { tr '\n' ' ' | sed 's/  */ /g; s/ $//'; }

# Objects as lines `what|Helm release|its namespace|tracking id of Argo CD`.
owners='{{range .items}}{{.kind}} {{with .metadata.namespace}}{{.}}/{{end}}{{.metadata.name}}|{{with .metadata.annotations}}{{index . "meta.helm.sh/release-name"}}|{{index . "meta.helm.sh/release-namespace"}}|{{index . "argocd.argoproj.io/tracking-id"}}{{else}}||{{end}}
{{end}}'
# Ours is what our release made, or the Application `argocd`, which takes over from it.
not_ours() { awk -F '|' -v r="$release" -v n="$namespace" '$1 != "" && !($2 == r && $3 == n) && index($4, "argocd:") != 1 { print $1 }'; }

check_cluster() {
  if answer=$(kubectl get --raw /version 2>&1); then return 0; fi
  wrong cluster "cannot be reached: $(echo "$answer" | tail -n 1). Set the context of kubectl (kubectl config use-context) and try again."
  return 1
}

check_kubernetes() {
  major=$(echo "$answer" | sed -n 's/.*"major": *"\([0-9]*\).*/\1/p')
  minor=$(echo "$answer" | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p')
  if [ "${major:-0}" -eq 1 ] && [ "${minor:-0}" -lt $oldest_kubernetes_minor ]; then
    wrong kubernetes "is $major.$minor; Strimzi and our charts need 1.$oldest_kubernetes_minor or newer. Upgrade the cluster, or take another."
  else
    fine kubernetes "is $major.$minor"
  fi
}

check_rights() {
  if kubectl auth can-i '*' '*' --all-namespaces --quiet >/dev/null 2>&1; then
    fine rights 'everything may be done here'
    return 0
  fi
  wrong rights "not everything may be done here, and who installs Argo CD gives it the whole cluster. Apply gitops/bootstrap with a context that is bound to cluster-admin; it lends that to the Job by the ClusterRoleBinding argocd-bootstrap."
  return 1
}

check_argocd() {
  workloads=$(kubectl get deployments,statefulsets --all-namespaces -l app.kubernetes.io/part-of=argocd -o go-template="$owners" 2>/dev/null | not_ours | in_one_line)
  if [ -n "$workloads" ]; then
    wrong argocd "somebody else's Argo CD is on this cluster: $workloads. Two would fight over the same kinds. Remove that one, or take another cluster."
    return
  fi
  crds=$(kubectl get crd applications.argoproj.io appprojects.argoproj.io applicationsets.argoproj.io --ignore-not-found -o go-template="$owners" 2>/dev/null | not_ours | in_one_line)
  # With a release of ours, or an installation that we began, they are ours, marked or not.
  if [ -z "$crds" ] ||
    [ -n "$(kubectl -n $namespace get configmap argocd-bootstrap-result --ignore-not-found -o 'jsonpath={.data.begun}' 2>/dev/null)" ] ||
    [ -n "$(kubectl -n $namespace get secret -l "owner=helm,name=$release" -o name 2>/dev/null)" ]; then
    fine argocd 'nobody else has installed it'
  else
    wrong argocd "somebody else's kinds are on this cluster: $crds. If no Argo CD uses them: kubectl delete crd applications.argoproj.io appprojects.argoproj.io applicationsets.argoproj.io (this deletes all objects of these kinds)."
  fi
}

check_strimzi() {
  # Strimzi 1.x knows v1 alone, and the API server refuses a CRD without a version that objects may still be stored in.
  old=$(kubectl get crd -o go-template='{{range .items}}{{.spec.group}} {{.metadata.name}} ,{{range .spec.versions}}{{if .served}}{{.name}},{{end}}{{end}} ,{{range .status.storedVersions}}{{.}},{{end}}
{{end}}' 2>/dev/null | awk '$1 ~ /^(kafka|core)\.strimzi\.io$/ && ($3 !~ /,v1,/ || $4 !~ /^,(v1,)?$/) { print $2 }' | in_one_line)
  if [ -z "$old" ]; then
    fine strimzi 'no kinds of an older one'
  else
    wrong strimzi "kinds of an older one are on this cluster, which Strimzi 1.x cannot replace: $old. If they are in use, convert them with Strimzi's API conversion tool; if not, remove them: kubectl delete crd $old (this deletes all objects of these kinds)."
  fi
}

check_storage() {
  # shellcheck disable=SC2016 # $name is the template's
  default=$(kubectl get storageclass -o go-template='{{range .items}}{{$name := .metadata.name}}{{with .metadata.annotations}}{{if or (eq (print (index . "storageclass.kubernetes.io/is-default-class")) "true") (eq (print (index . "storageclass.beta.kubernetes.io/is-default-class")) "true")}}{{$name}} {{end}}{{end}}{{end}}' 2>/dev/null | in_one_line)
  if [ -n "$default" ]; then
    fine storage "volumes are made by $default"
  else
    wrong storage "there is no default StorageClass, so the volumes of Kafka and PostgreSQL would wait for ever. Mark one: kubectl annotate storageclass NAME storageclass.kubernetes.io/is-default-class=true"
  fi
}

# What is sealed opens with one key only, and a new cluster makes another.
check_sealing() {
  environment=$(sed -n 's/^ *valueFiles: *\[values-\([a-z0-9-]*\)\.yaml\].*/\1/p' "$ROOT_FILE")
  certificate="$SEALING/$environment.crt"
  if [ -z "$environment" ]; then
    wrong sealing "gitops/bootstrap/30-root.yaml does not say which environment this is. Write valueFiles: [values-dev.yaml], or another one of gitops/root, on a line of its own."
  elif [ ! -f "$certificate" ]; then
    fine sealing "$environment has no sealed secrets"
  elif kubectl -n sealed-secrets get secrets -l sealedsecrets.bitnami.com/sealed-secrets-key -o go-template='{{range .items}}{{index .data "tls.crt"}}
{{end}}' 2>/dev/null | grep -qxF "$(base64 <"$certificate" | tr -d '\n')"; then
    fine sealing "the cluster has the key to the sealed secrets of $environment"
  else
    wrong sealing "the secrets of $environment are sealed for a key that this cluster does not have. Give it the one that is kept: kubectl create namespace sealed-secrets; kubectl apply -f THE_KEY. If there is none: npm run seal -- key $environment THE_KEY makes one and seals new secrets with it; npm run generate, commit, push, and apply again."
  fi
}

# Secrets of Argo CD with credentials for that address.
credentials() {
  kubectl -n $namespace get secret -l 'argocd.argoproj.io/secret-type in (repository,repo-creds)' -o go-template='{{range .items}}{{.metadata.name}} {{with .data}}{{with .url}}{{base64decode .}}{{end}}{{end}}
{{end}}' 2>/dev/null | while read -r name address; do
    case $1 in "${address:-none}"*) echo "$name" ;; esac
  done | in_one_line
}

check_repository() {
  address=$(sed -n 's/^ *- &repository *//p' "$ROOT_FILE")
  revision=$(sed -n 's/^ *targetRevision: *//p' "$ROOT_FILE")
  secret=$(credentials "$address")
  if [ -n "$secret" ]; then
    untold repository "$address is read with the credentials in the Secret $secret, which are for Argo CD to try"
    return
  fi
  case $address in
    https://* | http://*) ;;
    *)
      wrong repository "$address needs credentials, and Argo CD has none. Make a Secret in the namespace $namespace with the label argocd.argoproj.io/secret-type: repository and the fields type: git, url and sshPrivateKey."
      return
      ;;
  esac
  if ! command -v git >/dev/null; then
    untold repository "$address: there is no git here to read it with"
    return
  fi
  # As the cluster reads it: without this machine's credentials and without asking for any.
  found=$(GIT_TERMINAL_PROMPT=0 GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null \
    git -c credential.helper= -c http.lowSpeedLimit=1 -c http.lowSpeedTime=20 ls-remote "$address" 2>&1) || {
    wrong repository "$address cannot be read without credentials: $(echo "$found" | tail -n 1). Correct it in gitops/bootstrap/30-root.yaml and apply again; if it is private, make a Secret in the namespace $namespace with the label argocd.argoproj.io/secret-type: repository and the fields type: git, url, username and password."
    return
  }
  if echo "$revision" | grep -qE '^[0-9a-f]{40}$' || echo "$found" | awk -v r="$revision" '$2 == r || $2 == "refs/heads/" r || $2 == "refs/tags/" r { found = 1 } END { exit !found }'; then
    fine repository "$address has $revision"
  else
    wrong repository "$address has no branch or tag $revision. Push it, or correct targetRevision in gitops/bootstrap/30-root.yaml and apply again."
  fi
}

check_chart() {
  if [ -n "$(kubectl -n $namespace get applications.argoproj.io argocd --ignore-not-found -o name 2>/dev/null)" ]; then
    fine chart 'not needed: Argo CD looks after itself already'
  elif ! command -v helm >/dev/null; then
    untold chart 'there is no helm here to read it with'
  elif said=$(helm show chart argo-cd --repo "$CHART_REPOSITORY" --version "$CHART_VERSION" 2>&1); then
    fine chart "argo-cd $CHART_VERSION is at $CHART_REPOSITORY"
  else
    wrong chart "argo-cd $CHART_VERSION cannot be read from $CHART_REPOSITORY: $(echo "$said" | tail -n 1). Let the cluster reach that host, or name a mirror in gitops/root/values.yaml (applications.argocd.chart), npm run generate, and apply again."
  fi
}

check_cluster || exit 1
check_kubernetes
# Without rights the rest cannot be seen.
if check_rights; then
  check_argocd
  check_strimzi
  check_storage
  check_sealing
  check_repository
fi
check_chart
exit $failed
