// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <string>

#include "integration/block_routes.h"
#include "integration/settings.h"
#include "support/temp_dir.h"

namespace socbridge::integration::test {

// A Wazuh home with custom-w2thive and an ossec.conf.
struct Home : socbridge::test::TempDir {
  Home() {
    write("integrations/custom-w2thive", "");
    const std::string key = write("etc/thehive.key", "k3y-from-file\n");
    REQUIRE(::chmod(key.c_str(), 0640) == 0);
  }
  std::string conf_path() const { return *this / "etc/ossec.conf"; }
  void conf(const std::string& elements) const {
    write("etc/ossec.conf", "<ossec_config>\n" + elements + "\n</ossec_config>\n");
  }
  // A block whose line is 2 if it is the first of the file.
  static std::string block(const std::string& elements,
                           const std::string& name = "custom-w2thive") {
    return "<integration>\n<name>" + name + "</name>\n" + elements + "\n</integration>";
  }
  // Everything that a block needs.
  std::string complete(const std::string& more = "") const {
    return block("<hook_url>https://thehive.example:9000</hook_url>\n<api_key>file:" +
                 (*this / "etc/thehive.key") + "</api_key>\n<alert_format>json</alert_format>\n" +
                 more);
  }
  Loaded loaded(const std::string& config = "{}") const {
    write("etc/w2thive.json", config);
    Sources sources;
    sources.home = path();
    sources.config_file = *this / "etc/w2thive.json";
    return load(Env::real(), sources);
  }
  RouteSources routes() const { return {path(), *this / "etc/w2thive.json", conf_path()}; }
};

}  // namespace socbridge::integration::test
