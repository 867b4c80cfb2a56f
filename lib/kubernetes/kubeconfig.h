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

// Where an API server is and how to speak to it.
struct Cluster {
  std::string server;  // https://…
  std::string ca_file;
  Secret token;
  std::string cert_file, key_file;  // client certificate, instead of a token
  std::string space = "default";    // namespace
  std::string origin;               // for people
  // Certificates that stand inside a kubeconfig live in memory; the paths above lead to them.
  std::vector<Fd> memory;
};

// The paths that are searched, so that tests can give their own.
struct Places {
  std::string kubeconfig;                                        // of the command line; must exist
  std::vector<std::pair<std::string, std::string>> environment;  // KUBECONFIG, HOME, KUBERNETES_…
  std::string pod_folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  static Places of_process();
  std::string variable(std::string_view name) const;
  // Every file and folder that find_cluster() may read; files that a kubeconfig names are not
  // among them.
  std::vector<std::string> files() const;
};

// The command line's kubeconfig, else KUBECONFIG (its first existing file), else the pod's own
// service account, else ~/.kube/config. Errors: nothing of these is there (usage), a file that is
// not right, or wants what is not done here: exec plugins, auth providers,
// insecure-skip-tls-verify.
Result<Cluster> find_cluster(Env& env, const Places& places);

// One kubeconfig: the current context, or the only one.
Result<Cluster> read_kubeconfig(Env& env, const std::string& path);

}  // namespace socbridge::kubernetes
