// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/key_file.h"
#include "config/settings.h"

namespace socbridge::integration {

// Readers of the keys that say where TheHive is; what is wrong is added to `errors` (usage, with
// its place in the file).

// "file:line:column" of a key.
std::string place_of(const config::Settings& values, std::string_view key);

// The path itself if it is absolute or empty, else below the Wazuh home.
std::string below(const std::string& home, std::string path);

// `api_key`, else what was handed over: the key, or that of the file it names, which is then in
// `key_file`.
Secret read_api_key(const config::Settings& values, const Secret& handed_over,
                    const config::KeyFileRules& rules, std::string& key_file,
                    std::vector<Status>& errors);

// `url`, else `otherwise`, which is called `origin` in errors; "" if neither is a URL.
struct UrlSource {
  std::string url, origin;
};
std::string read_url(const config::Settings& values, const UrlSource& otherwise,
                     std::vector<Status>& errors);

// `organisation`; "" if it is a template, which is an error.
std::string read_organisation(const config::Settings& values, std::vector<Status>& errors);

// `proxy`; "" if it holds a login, which is an error.
std::string read_proxy(const config::Settings& values, std::vector<Status>& errors);

}  // namespace socbridge::integration
