// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "config/settings.h"
#include "json/value.h"
#include "profile/profile.h"

namespace socbridge::profile {

// The products that a file may speak of, and the keys of each.
const std::vector<std::string_view>& product_names();
const config::Schema& product_schema();

// What one configuration file says of one product. A missing file says nothing and is no error.
//   { "thehive": { "url": "…", "user": "…", "key": "…" or "file:PATH", "key_file": "…",
//   "scheme": "ApiKey", "organisation": "…", "ca_file": "…", "client_cert_file": "…",
//   "client_key_file": "…" } }
// Comments and trailing commas are allowed. Errors (usage): not JSON, unknown product or key with
// position and the nearest name, a value that is not a string, what check_product() finds in this
// product, a file or folder on its path that users other than root and this one may write
// (base/trusted_path.h).
struct FileValues {
  std::string url, user, organisation, ca_file, scheme, client_cert_file, client_key_file;
  std::string pinned_key;
  Secret key;  // as written, may be `file:PATH`
};
Result<FileValues> read_config_file(Env& env, const std::string& path, std::string_view product);

// What the values of one product mean together; a URL is checked where it is used (read_urls()).
struct ProductError {
  std::string_view key;  // where it stands
  Status status;         // usage, begins with what is wrong; no value is shown
};
std::vector<ProductError> check_product(json::Value section);

// A file as it is opened: with its text, for positions in errors. Missing: an empty document. The
// names of its products and sections are checked, what stands in them is not.
struct ConfigFile {
  std::string text;
  json::Document document;
};
Result<ConfigFile> open_config_file(Env& env, const std::string& path);
// The same, with any names.
Result<ConfigFile> parse_config_file(Env& env, const std::string& path);

// Which files are asked, in order; that of the system only if this user may enter its folder. Usage
// if the one of --profile is not there.
Result<std::vector<std::string>> config_files(Env& env, const Flags& flags,
                                              const SystemPaths& system);

}  // namespace socbridge::profile
