// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/kubeconfig.h"

#include <sys/mman.h>

#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "hash/base64.h"
#include "json/value.h"
#include "yaml/read_yaml.h"

namespace socbridge::kubernetes {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;

Status wrong(const std::string& path, const std::string& why, std::string hint = {}) {
  return Status::error(ExitCode::usage, path + ": " + why, std::move(hint));
}

// The entry `name` of `clusters`, `contexts` or `users`.
json::Value part(json::Value root, const char* list, const char* kind, std::string_view name) {
  const json::Value all = root[list];
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all.at(i)["name"].string() == name) return all.at(i)[kind];
  }
  return {};
}

// Files by path (relative to the kubeconfig), or with inline content kept in memory.
class Files {
 public:
  Files(Env& env, std::string path, Cluster& cluster)
      : env_(env), path_(std::move(path)), cluster_(cluster) {}

  Result<std::string> take(json::Value of, const std::string& name) {
    const std::string data = of[name + "-data"].string_text();
    if (data.empty()) return beside(of[name].string_text());
    const auto bytes = from_base64(data);
    if (!bytes) return wrong(path_, name + "-data is not base64");
    Fd fd(memfd_create(name.c_str(), MFD_CLOEXEC));
    if (!fd.valid()) return Status::error(ExitCode::failure, "memfd_create failed");
    if (const Status wrote = env_.write_all(fd.get(), *bytes); !wrote.ok()) return wrote;
    std::string place = "/proc/self/fd/" + std::to_string(fd.get());
    cluster_.memory.push_back(std::move(fd));
    return place;
  }

  std::string beside(const std::string& file) const {
    if (file.empty() || file.front() == '/') return file;
    const std::size_t slash = path_.find_last_of('/');
    return slash == std::string::npos ? file : path_.substr(0, slash + 1) + file;
  }

 private:
  Env& env_;
  std::string path_;
  Cluster& cluster_;
};

Status take_user(Env& env, const std::string& path, json::Value user, Files& files, Cluster& out) {
  if (user["exec"] || user["auth-provider"]) {
    return wrong(path, "its user logs in with an external program, which is not supported",
                 "give a kubeconfig with a token: kubectl create token cortex");
  }
  if (const std::string token = user["token"].string_text(); !token.empty()) {
    out.token = Secret(token);
  } else if (const std::string file = user["tokenFile"].string_text(); !file.empty()) {
    const auto read = env.read_file(files.beside(file), kMaxFile);
    if (!read.ok()) return Status::error(ExitCode::usage, read.status().message());
    out.token = Secret(std::string(trim(*read)));
  }
  auto certificate = files.take(user, "client-certificate");
  if (!certificate.ok()) return certificate.status();
  auto key = files.take(user, "client-key");
  if (!key.ok()) return key.status();
  out.cert_file = std::move(*certificate);
  out.key_file = std::move(*key);
  if (out.token.empty() && out.cert_file.empty())
    return wrong(path, "its user has neither a token nor a certificate");
  return {};
}

Result<Cluster> in_pod(Env& env, const Places& places) {
  Cluster out;
  const std::string host = places.variable("KUBERNETES_SERVICE_HOST");
  std::string port = places.variable("KUBERNETES_SERVICE_PORT");
  if (port.empty()) port = "443";
  const bool six = host.find(':') != std::string::npos;
  out.server = "https://" + (six ? "[" + host + "]" : host) + ":" + port;
  const auto token = env.read_file(places.pod_folder + "/token", kMaxFile);
  if (!token.ok()) return Status::error(ExitCode::usage, token.status().message());
  out.token = Secret(std::string(trim(*token)));
  out.ca_file = places.pod_folder + "/ca.crt";
  if (const auto space = env.read_file(places.pod_folder + "/namespace", kMaxFile); space.ok())
    out.space = trim(*space);
  out.origin = "the pod's service account";
  return out;
}

}  // namespace

Places Places::of_process() {
  Places out;
  for (const char* name :
       {"KUBECONFIG", "HOME", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"}) {
    if (const char* value = std::getenv(name)) out.environment.emplace_back(name, value);
  }
  return out;
}

std::string Places::variable(std::string_view name) const {
  for (const auto& [known, value] : environment) {
    if (known == name) return value;
  }
  return {};
}

std::vector<std::string> Places::files() const {
  std::vector<std::string> out = {kubeconfig, pod_folder};
  for (const std::string_view path : split(variable("KUBECONFIG"), ':')) out.emplace_back(path);
  if (const std::string home = variable("HOME"); !home.empty()) {
    out.push_back(home + "/.kube/config");
  }
  return out;
}

Result<Cluster> read_kubeconfig(Env& env, const std::string& path) {
  const auto content = env.read_file(path, kMaxFile);
  if (!content.ok()) return Status::error(ExitCode::usage, content.status().message());
  const auto document = yaml::read(*content);
  if (!document.ok()) return wrong(path, document.status().message());
  const json::Value root = document->root();
  std::string name = root["current-context"].string_text();
  if (name.empty() && root["contexts"].size() == 1)
    name = root["contexts"].at(0)["name"].string_text();
  const json::Value context = part(root, "contexts", "context", name);
  if (!context.is_object()) return wrong(path, "it has no context \"" + printable(name, 60) + "\"");
  const json::Value cluster = part(root, "clusters", "cluster", context["cluster"].string_text());
  const json::Value user = part(root, "users", "user", context["user"].string_text());
  Cluster out;
  out.server = cluster["server"].string_text();
  if (out.server.empty()) return wrong(path, "its context has no cluster with a server");
  if (cluster["insecure-skip-tls-verify"].string() == "true")
    return wrong(path, "insecure-skip-tls-verify is not supported",
                 "put the CA into certificate-authority-data");
  Files files(env, path, out);
  auto ca = files.take(cluster, "certificate-authority");
  if (!ca.ok()) return ca.status();
  out.ca_file = std::move(*ca);
  if (const Status taken = take_user(env, path, user, files, out); !taken.ok()) return taken;
  if (const std::string space = context["namespace"].string_text(); !space.empty())
    out.space = space;
  out.origin = path;
  return out;
}

Result<Cluster> find_cluster(Env& env, const Places& places) {
  if (!places.kubeconfig.empty()) return read_kubeconfig(env, places.kubeconfig);
  const std::string listed = places.variable("KUBECONFIG");
  for (const std::string_view path : split(listed, ':')) {
    if (!path.empty() && env.stat(std::string(path)).ok())
      return read_kubeconfig(env, std::string(path));
  }
  if (!places.variable("KUBERNETES_SERVICE_HOST").empty()) return in_pod(env, places);
  const std::string home = places.variable("HOME") + "/.kube/config";
  if (env.stat(home).ok()) return read_kubeconfig(env, home);
  return Status::error(ExitCode::usage, "no Kubernetes cluster is configured",
                       "give --kubeconfig, or run this in a pod of the cluster");
}

}  // namespace socbridge::kubernetes
