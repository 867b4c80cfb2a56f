// SPDX-License-Identifier: Apache-2.0
#include "profile/profile.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>

#include "profile/config_file.h"
#include "profile/variables.h"
#include "support/fault_env.h"
#include "support/temp_dir.h"

namespace socbridge::profile {
namespace {

using Files = std::vector<std::string>;

// A machine with both configuration files and a Wazuh home, all in one folder.
struct Machine : test::TempDir {
  Machine() {
    system.system_config = *this / "etc/socctl/config.json";
    system.wazuh_home = *this / "ossec";
    system.environment = {{"HOME", *this / "home"}};
  }
  void own(const std::string& json) const { write("home/.config/socctl/config.json", json); }
  void of_system(const std::string& json) const { write("etc/socctl/config.json", json); }
  std::string key(const std::string& name, const std::string& text) const {
    const std::string path = write(name, text + "\n");
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    return path;
  }
  void variable(const std::string& name, const std::string& value) {
    system.environment.emplace_back(name, value);
  }
  Endpoint endpoint(const std::string& product = "thehive") const {
    auto found = resolve(Env::real(), product, flags, system);
    INFO(found.status().line());
    REQUIRE(found.ok());
    return std::move(*found);
  }
  Status refused(const std::string& product = "thehive") const {
    const auto found = resolve(Env::real(), product, flags, system);
    REQUIRE_FALSE(found.ok());
    CHECK(found.status().code() == ExitCode::usage);
    return found.status();
  }
  SystemPaths system;
  Flags flags;
};

}  // namespace

TEST_CASE("config files: that of the system is not there for whom its folder is closed") {
  FaultEnv env;
  Flags flags;
  SystemPaths system;
  system.system_config = "/etc/socctl/config.json";
  system.environment = {{"HOME", "/home/one"}};
  const std::string own = "/home/one/.config/socctl/config.json";
  CHECK(*config_files(env, flags, system) == Files{own, "/etc/socctl/config.json"});

  env.fail_errno = EACCES;
  env.reset();
  env.fail_at = 1;
  CHECK(*config_files(env, flags, system) == Files{own});

  flags.config_file = "/etc/socctl/config.json";  // one that is named must be there
  env.reset();
  CHECK(config_files(env, flags, system).status().code() == ExitCode::usage);
}

TEST_CASE("config files: the folder of XDG goes before HOME, and without both none is the user's") {
  FaultEnv env;
  SystemPaths system;
  system.system_config.clear();
  CHECK(config_files(env, {}, system)->empty());
  system.environment = {{"HOME", "/home/one"}, {"XDG_CONFIG_HOME", "/x"}};
  CHECK(*config_files(env, {}, system) == Files{"/x/socctl/config.json"});
  const test::TempDir dir;
  Flags flags;
  flags.config_file = dir.write("other.json", "{}");
  system.system_config = "/etc/socctl/config.json";
  CHECK(*config_files(Env::real(), flags, system) == Files{flags.config_file});
}

TEST_CASE("profile: each variable of a product is read") {
  SystemPaths system;
  system.system_config = "/nonexistent";
  system.wazuh_home = "/nonexistent";
  std::size_t given = 0;
  for (const std::string& name : variable_names()) {
    if (!name.starts_with("SOCCTL_GRAFANA_") || name.ends_with("_KEY_FILE")) continue;
    const bool url = name == "SOCCTL_GRAFANA_URL";
    system.environment.emplace_back(name, url ? "https://a.example" : "value of " + name);
    ++given;
  }
  CHECK(given == product_schema().size() - 2);  // all but the two files of keys
  system.environment.emplace_back("SOCCTL_GRAFANA_CLIENT_KEY_FILE", "/client.key");
  const auto found = find(Env::real(), "grafana", {}, system);
  REQUIRE(found.ok());
  REQUIRE(*found);
  const Endpoint& at = **found;
  CHECK(at.url == "https://a.example");
  CHECK(at.key.reveal() == "value of SOCCTL_GRAFANA_KEY");
  CHECK(at.user == "value of SOCCTL_GRAFANA_USER");
  CHECK(at.scheme == "value of SOCCTL_GRAFANA_SCHEME");
  CHECK(at.organisation == "value of SOCCTL_GRAFANA_ORGANISATION");
  CHECK(at.ca_file == "value of SOCCTL_GRAFANA_CA_FILE");
  CHECK(at.client_cert_file == "value of SOCCTL_GRAFANA_CLIENT_CERT_FILE");
  CHECK(at.client_key_file == "/client.key");
  CHECK(at.pinned_key == "value of SOCCTL_GRAFANA_PINNED_KEY");
  CHECK(given == 8);  // one more here means one more CHECK above
}

TEST_CASE_METHOD(Machine, "flags go before the environment, that before the user's own file") {
  of_system(R"({"cortex":{"url":"https://system.example","key":"system"}})");
  CHECK(endpoint("cortex").url == "https://system.example");
  CHECK(endpoint("cortex").key_origin == system.system_config);
  own(R"({"cortex":{"url":"https://own.example","key":"own"}})");
  CHECK(endpoint("cortex").key.reveal() == "own");
  variable("SOCCTL_CORTEX_URL", "https://variable.example");
  variable("SOCCTL_CORTEX_KEY", "variable");
  CHECK(endpoint("cortex").url == "https://variable.example");
  CHECK(endpoint("cortex").key.reveal() == "variable");
  CHECK(endpoint("cortex").url_origin == "SOCCTL_CORTEX_URL");
  flags.url = "https://flag.example";
  flags.key_file = key("flag.key", "flag");
  const Endpoint at = endpoint("cortex");
  CHECK(at.url == "https://flag.example");
  CHECK(at.url_origin == "--url");
  CHECK(at.key.reveal() == "flag");
  CHECK(at.key_origin == "--key-file");
  CHECK_FALSE(at.from_wazuh);
}

TEST_CASE_METHOD(Machine, "with a file that is named no other one is read") {
  own(R"({"cortex":{"url":"https://own.example","key":"own"}})");
  flags.config_file =
      write("named.json", R"({"cortex":{"url":"https://named.example","key":"n"}})");
  CHECK(endpoint("cortex").url == "https://named.example");
  flags.config_file = write("empty.json", "{}");
  CHECK(refused("cortex").message() == "no URL for cortex is configured");
}

TEST_CASE_METHOD(Machine, "a key is sent only to the URL that it is given with") {
  own(R"({"cortex":{"url":"https://own.example","key":"own"}})");
  flags.url = "https://else.example";
  const Status status = refused("cortex");
  CHECK_THAT(status.message(), Catch::Contains("does not belong to the URL of --url"));
  CHECK(status.line().find("own\"") == std::string::npos);
  flags.url = "https://own.example/";
  CHECK(endpoint("cortex").key.reveal() == "own");
}

TEST_CASE_METHOD(Machine, "a key itself goes before a key file of the environment") {
  variable("SOCCTL_CORTEX_URL", "https://a.example");
  variable("SOCCTL_CORTEX_KEY_FILE", key("variable.key", "of-file"));
  CHECK(endpoint("cortex").key.reveal() == "of-file");
  CHECK(endpoint("cortex").key_origin == "SOCCTL_CORTEX_KEY_FILE");
  variable("SOCCTL_CORTEX_KEY", "itself");
  CHECK(endpoint("cortex").key.reveal() == "itself");
  CHECK(endpoint("cortex").key_origin == "SOCCTL_CORTEX_KEY");
}

TEST_CASE_METHOD(Machine, "a relative key file lies beside the configuration that names it") {
  own(R"({"cortex":{"url":"https://a.example","key_file":"cortex.key"}})");
  CHECK_THAT(refused("cortex").message(),
             Catch::Contains(*this / "home/.config/socctl/cortex.key"));
  key("home/.config/socctl/cortex.key", "beside");
  CHECK(endpoint("cortex").key.reveal() == "beside");
}

TEST_CASE_METHOD(Machine,
                 "a broken file is an error with its place, also if a later one would do") {
  own("{\n \"cortex\": }");
  of_system(R"({"cortex":{"url":"https://system.example","key":"system"}})");
  CHECK_THAT(refused("cortex").message(),
             Catch::Contains("home/.config/socctl/config.json:2:12: not JSON"));
}

TEST_CASE_METHOD(Machine, "what is not configured is said with the ways to configure it") {
  CHECK(refused("cortex").line() ==
        "no URL for cortex is configured; give --url, set SOCCTL_CORTEX_URL or write it into "
        "~/.config/socctl/config.json");
  const auto none = find(Env::real(), "cortex", flags, system);
  REQUIRE(none.ok());
  CHECK_FALSE(none->has_value());
  CHECK(not_configured("cortex").line() == refused("cortex").line());
  flags.url = "https://a.example";
  CHECK(refused("cortex").message() == "no key for cortex is configured");
}

TEST_CASE_METHOD(Machine,
                 "Prometheus and OpenSearch may be asked without a key, unless as a user") {
  flags.url = "https://a.example";
  CHECK(endpoint("prometheus").key.empty());
  CHECK(endpoint("opensearch").key.empty());
  variable("SOCCTL_OPENSEARCH_USER", "reader");
  CHECK(refused("opensearch").message() == "no key for opensearch is configured");
}

TEST_CASE_METHOD(Machine, "TheHive alone is also what Wazuh's configuration says") {
  write("ossec/etc/w2thive.json", R"({"url":"https://wazuh.example","api_key":"of-wazuh"})");
  const Endpoint at = endpoint();
  CHECK(at.url == "https://wazuh.example");
  CHECK(at.key.reveal() == "of-wazuh");
  CHECK(at.from_wazuh);
  CHECK(refused("cortex").message() == "no URL for cortex is configured");
  own(R"({"thehive":{"url":"https://own.example","key":"own"}})");
  CHECK(endpoint().url == "https://own.example");
  CHECK_FALSE(endpoint().from_wazuh);
}

TEST_CASE_METHOD(Machine,
                 "a complete configuration does not depend on Wazuh's, unless that is named") {
  write("ossec/etc/w2thive.json", "{ broken");
  CHECK_THAT(refused().message(), Catch::Contains("not JSON"));
  own(R"({"thehive":{"url":"https://own.example","key":"own"}})");
  CHECK(endpoint().key.reveal() == "own");
  flags.ossec_conf = *this / "ossec/etc/none.conf";
  CHECK_THAT(refused().message(), Catch::Contains("none.conf"));
}

TEST_CASE("the environment of a process is what may be ours, and where users have their files") {
  ::setenv("SOCCTL_PROFILE_TEST", "a=b", 1);
  ::setenv("socctl_profile_test", "lower", 1);
  ::setenv("OTHER_PROFILE_TEST", "secret", 1);
  const SystemPaths system = SystemPaths::of_process();
  CHECK(system.variable("SOCCTL_PROFILE_TEST") == "a=b");
  CHECK(system.variable("socctl_profile_test") == "lower");
  CHECK(system.variable("OTHER_PROFILE_TEST").empty());
  CHECK(system.system_config == "/etc/socctl/config.json");
  const SystemPaths integration = SystemPaths::of_integration();
  CHECK(integration.environment.empty());
  CHECK(integration.system_config.empty());
  CHECK(integration.wazuh_home == system.wazuh_home);
  for (const char* name : {"SOCCTL_PROFILE_TEST", "socctl_profile_test", "OTHER_PROFILE_TEST"}) {
    ::unsetenv(name);
  }
}

TEST_CASE("the way to an endpoint is all that a client needs for TLS and the proxy") {
  Endpoint at;
  at.ca_file = "/ca.pem";
  at.ca_dir = "/ca";
  at.client_cert_file = "/c.pem";
  at.client_key_file = "/c.key";
  at.pinned_key = "sha256//x";
  at.insecure = true;
  at.proxy = "http://p:3128";
  at.proxy_login = Secret("u:pw");
  http::ClientOptions options;
  set_way(at, options);
  CHECK(options.tls.ca_file == "/ca.pem");
  CHECK(options.tls.ca_dir == "/ca");
  CHECK(options.tls.client_cert_file == "/c.pem");
  CHECK(options.tls.client_key_file == "/c.key");
  CHECK(options.tls.pinned_key == "sha256//x");
  CHECK(options.tls.insecure);
  CHECK(options.proxy == "http://p:3128");
  CHECK(options.proxy_login.reveal() == "u:pw");
}

}  // namespace socbridge::profile
