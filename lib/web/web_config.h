// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/env.h"
#include "base/status.h"
#include "web/basic_users.h"
#include "web/http_server.h"

namespace socbridge::web {

struct WebConfig {
  ServerOptions server;  // certificate, client certificates, least TLS, headers
  BasicUsers users;
};

// Reads the web configuration file of Prometheus and its exporters: `tls_server_config` with
// `cert_file`, `key_file`, `client_ca_file`, `client_auth_type` (NoClientCert,
// VerifyClientCertIfGiven, RequireAndVerifyClientCert), `min_version` (TLS12, TLS13) and
// `max_version` (TLS13); `http_server_config` with `http2` (ignored: HTTP/1.1 is served) and
// `headers`; `basic_auth_users`. Relative paths are beside the file. It must be such that only
// trusted users may change it. Error (usage): cannot be read, not YAML, another member, a value
// that is not served.
Result<WebConfig> read_web_config(Env& env, const std::string& path);

// Such a file that is read again and again. For one thread.
class WebConfigFile {
 public:
  // `complain` is called once with the reason why a changed file cannot be used. Errors: of
  // read_web_config().
  static Result<WebConfigFile> open(Env& env, const std::string& path,
                                    std::function<void(const Status&)> complain);
  const WebConfig& config() const { return config_; }
  // Reads it. What cannot be used, or would turn TLS on or off or logins off, is said, and the
  // configuration from before stays. Logins that were right need not be checked again.
  void refresh();

 private:
  WebConfigFile(Env& env, std::string path, std::function<void(const Status&)> complain)
      : env_(&env), path_(std::move(path)), complain_(std::move(complain)) {}
  Status use(const std::string& text);

  Env* env_;
  std::string path_;
  std::function<void(const Status&)> complain_;
  std::string text_, complaint_;
  WebConfig config_;
};

}  // namespace socbridge::web
