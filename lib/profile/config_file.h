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

// The products in a configuration file, and the keys of each.
const std::vector<std::string_view>& product_names();
const config::Schema& product_schema();

// One configuration file's values for one product. A missing file is empty, not an error.
//   { "thehive": { "url": "…", "user": "…", "key": "…" or "file:PATH", "key_file": "…",
//   "scheme": "ApiKey", "organisation": "…", "ca_file": "…", "client_cert_file": "…",
//   "client_key_file": "…" } }
// Comments and trailing commas are allowed. Errors (usage): not JSON; an unknown product or key,
// with position and the nearest name; a value that is not a string; errors of check_product() for
// this product; a file or a folder on its path that users other than root and this one may write
// (base/trusted_path.h).
struct FileValues {
  std::string url, user, organisation, ca_file, scheme, client_cert_file, client_key_file;
  std::string pinned_key;
  Secret key;  // unresolved, may be `file:PATH`
};
Result<FileValues> read_config_file(Env& env, const std::string& path, std::string_view product);

// Inconsistent values of one product; a URL is checked where it is used (read_urls()).
struct ProductError {
  std::string_view key;  // the key it concerns
  Status status;         // usage, begins with the problem; contains no value
};
std::vector<ProductError> check_product(json::Value section);

// An opened file and its text, for positions in errors. Missing: an empty document. Names of its
// products and sections are checked, their content is not.
struct ConfigFile {
  std::string text;
  json::Document document;
};
Result<ConfigFile> open_config_file(Env& env, const std::string& path);
// The same, with any names.
Result<ConfigFile> parse_config_file(Env& env, const std::string& path);

// The files to read, in order; the system's only if this user may enter its folder. Error (usage):
// the file of --profile does not exist.
Result<std::vector<std::string>> config_files(Env& env, const Flags& flags,
                                              const SystemPaths& system);

}  // namespace socbridge::profile
