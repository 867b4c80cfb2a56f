// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"

namespace socbridge::kubernetes {

// The address of an API server and the credentials for it.
struct Cluster {
  std::string server;  // https://…
  std::string ca_file;
  Secret token;
  std::string cert_file, key_file;  // client certificate, instead of a token
  std::string space = "default";    // namespace
  std::string origin;               // for people
  // Inline certificates of a kubeconfig are kept in memory files; the paths above refer to them.
  std::vector<Fd> memory;
};

// The searched paths, so that tests can replace them.
struct Places {
  std::string kubeconfig;                                        // of the command line; must exist
  std::vector<std::pair<std::string, std::string>> environment;  // KUBECONFIG, HOME, KUBERNETES_…
  std::string pod_folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  static Places of_process();
  std::string variable(std::string_view name) const;
  // Every file and folder that find_cluster() may read, except files named in a kubeconfig.
  std::vector<std::string> files() const;
};

// The command line's kubeconfig, else KUBECONFIG (its first existing file), else the pod's own
// service account, else ~/.kube/config. Errors: usage if none exists, an invalid file, or an
// unsupported one: exec plugins, auth providers, insecure-skip-tls-verify.
Result<Cluster> find_cluster(Env& env, const Places& places);

// One kubeconfig: the current context, or the only one.
Result<Cluster> read_kubeconfig(Env& env, const std::string& path);

}  // namespace socbridge::kubernetes
