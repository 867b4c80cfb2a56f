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
  ServerOptions server;  // certificate, client certificates, lowest TLS version, headers
  BasicUsers users;
};

// Reads the web configuration file of Prometheus and its exporters: `tls_server_config` with
// `cert_file`, `key_file`, `client_ca_file`, `client_auth_type` (NoClientCert,
// VerifyClientCertIfGiven, RequireAndVerifyClientCert), `min_version` (TLS12, TLS13) and
// `max_version` (TLS13); `http_server_config` with `http2` (ignored: HTTP/1.1 is served) and
// `headers`; `basic_auth_users`. Paths are relative to the file's folder. Only trusted users may be
// able to change the file. Error (usage): it cannot be read, is not YAML, or has an unknown member
// or an unsupported value.
Result<WebConfig> read_web_config(Env& env, const std::string& path);

// Such a file, read repeatedly. Not thread-safe.
class WebConfigFile {
 public:
  // `complain` is called once with the reason why a changed file cannot be used. Errors: those of
  // read_web_config().
  static Result<WebConfigFile> open(Env& env, const std::string& path,
                                    std::function<void(const Status&)> complain);
  const WebConfig& config() const { return config_; }
  // Reads the file again. A version that cannot be used, or that would turn TLS on or off or logins
  // off, is reported, and the previous configuration stays in use. Cached logins stay cached.
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
