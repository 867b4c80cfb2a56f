// SPDX-License-Identifier: Apache-2.0
#include "integration/destination_settings.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

namespace socbridge::integration {
using namespace socbridge::test;

namespace {

Loaded load_from(const TempDir& home, const std::string& json) {
  home.write("etc/w2thive.json", json);
  Sources sources;
  sources.home = home.path();
  sources.config_file = home.path() + "/etc/w2thive.json";
  sources.hook_url = "http://hook.example";
  sources.key = Secret("argvkey");
  return load(Env::real(), sources);
}

const std::string kTop =
    R"("url":"https://top.example","api_key":"topkey","organisation":"soc","thehive_version":"4",
       "insecure":true,"ca_file":"etc/ca.pem","proxy":"http://proxy.example:3128",
       "proxy_login":"u:p",)";

}  // namespace

TEST_CASE("the same TheHive: the top-level values, except its own") {
  const TempDir home;
  const Loaded loaded =
      load_from(home, "{" + kTop + R"("destinations":{"acme":{"organisation":"acme"}}})");
  REQUIRE(loaded.errors.empty());
  const DestinationSettings acme = settings_for(loaded, "acme");
  REQUIRE(acme.errors.empty());
  const Settings& s = acme.settings;
  CHECK(s.destination == "acme");
  CHECK(s.endpoint.url == "https://top.example");
  CHECK(s.endpoint.key.reveal() == "topkey");
  CHECK(s.endpoint.organisation == "acme");
  CHECK(s.thehive_version == "4");
  CHECK(s.http.tls.insecure);
  CHECK(s.http.tls.ca_file == home.path() + "/etc/ca.pem");
  CHECK(s.http.proxy_login.reveal() == "u:p");
  CHECK(settings_for(loaded, "").settings.destination.empty());
}

TEST_CASE("another TheHive gets no key, certificate, pinned key or exception of the top level") {
  const TempDir home;
  const std::string key = home.write("etc/acme.key", "acmekey\n");
  REQUIRE(::chmod(key.c_str(), 0640) == 0);
  const Loaded loaded =
      load_from(home, "{" + kTop + R"("destinations":{"acme":{"url":"https://acme.example",
                            "api_key":"file:etc/acme.key"}}})");
  REQUIRE(loaded.errors.empty());
  const DestinationSettings acme = settings_for(loaded, "acme");
  REQUIRE(acme.errors.empty());
  CHECK(acme.key_file == key);
  const Settings& s = acme.settings;
  CHECK(s.endpoint.key.reveal() == "acmekey");
  CHECK(s.endpoint.organisation.empty());
  CHECK(s.thehive_version == "auto");
  CHECK_FALSE(s.http.tls.insecure);
  CHECK(s.http.tls.client_key_file.empty());
  CHECK(s.http.tls.pinned_key.empty());
  CHECK(s.http.proxy == "http://proxy.example:3128");  // the way out is the same
}

TEST_CASE("a proxy is a host and a port, with a scheme that libcurl supports") {
  const TempDir home;
  const auto errors = [&](const std::string& proxy) {
    std::string all;
    for (const Status& error : load_from(home, R"({"proxy":")" + proxy + R"("})").errors) {
      all += error.line();
    }
    return all;
  };
  for (const char* good :
       {"http://proxy.example:3128", "https://proxy.example", "proxy.example:3128",
        "192.0.2.1:8080", "http://[2001:db8::1]:3128", "socks5h://p:1080", ""}) {
    CAPTURE(good);
    CHECK(errors(good).empty());
  }
  for (const char* bad :
       {"ht tp://\\nx y:99999999", "http://p.example:99999999", "p.example:65536", "http://p q:1",
        "http://p\\n:1", "http://p\\u007f:1", "ftp://p.example", "http://", "://p.example"}) {
    CAPTURE(bad);
    const std::string line = errors(bad);
    CHECK(line.find("proxy: bad URL: ") != std::string::npos);
    CHECK(line.find("write it as http://host:port") != std::string::npos);
  }
}

TEST_CASE("a separate proxy gets no login of another") {
  const TempDir home;
  const Loaded loaded =
      load_from(home, "{" + kTop + R"("destinations":{"acme":{"organisation":"acme",
                            "proxy":"http://other.example:3128"}}})");
  const DestinationSettings acme = settings_for(loaded, "acme");
  REQUIRE(acme.errors.empty());
  CHECK(acme.settings.http.proxy == "http://other.example:3128");
  CHECK(acme.settings.http.proxy_login.empty());
}

TEST_CASE("URL and key of the block count as top-level ones") {
  const TempDir home;
  const Loaded loaded = load_from(home, R"({"destinations":{"acme":{"organisation":"acme"}}})");
  const DestinationSettings acme = settings_for(loaded, "acme");
  REQUIRE(acme.errors.empty());
  CHECK(acme.settings.endpoint.url == "http://hook.example");
  CHECK(acme.settings.endpoint.key.reveal() == "argvkey");
}

TEST_CASE("an unsafe or missing key file blocks only its destination") {
  const TempDir home;
  const std::string key = home.write("etc/acme.key", "hunter2\n");
  REQUIRE(::chmod(key.c_str(), 0644) == 0);
  const Loaded loaded = load_from(home, "{" + kTop + R"("destinations":{
        "acme":{"organisation":"acme","api_key":"file:etc/acme.key"},
        "gone":{"organisation":"gone","api_key":"file:etc/gone.key"}}})");
  CHECK(loaded.errors.empty());
  for (const char* name : {"acme", "gone"}) {
    const DestinationSettings found = settings_for(loaded, name);
    REQUIRE(found.errors.size() == 1);
    CHECK(found.errors[0].code() == ExitCode::usage);
    CHECK(found.errors[0].line().find("hunter2") == std::string::npos);
    CHECK(found.settings.endpoint.key.empty());  // never that of the top
  }
  CHECK(settings_for(loaded, "").errors.empty());
}

TEST_CASE("a wrong top-level key does not block a destination with its own") {
  const TempDir home;
  const Loaded loaded = load_from(home, R"({"api_key":"file:etc/none","destinations":{
        "acme":{"organisation":"acme","api_key":"k"},"beta":{"organisation":"beta"}}})");
  CHECK(loaded.errors.size() == 1);
  CHECK(loaded.common_errors.empty());
  CHECK(settings_for(loaded, "acme").errors.empty());
  REQUIRE(settings_for(loaded, "beta").errors.size() == 1);
  CHECK_THAT(settings_for(loaded, "beta").errors[0].message(), Catch::Contains("no API key"));
  CHECK(settings_for(loaded, "").errors.size() == 1);
}

TEST_CASE("a name that is not configured any more leads nowhere") {
  const TempDir home;
  const Loaded loaded = load_from(home, "{" + kTop + R"("min_level":3})");
  const DestinationSettings gone = settings_for(loaded, "acme");
  REQUIRE(gone.errors.size() == 1);
  CHECK_THAT(gone.errors[0].message(), Catch::Contains("there is no destination \"acme\""));
  CHECK(gone.settings.endpoint.url.empty());
  CHECK(gone.settings.endpoint.key.empty());
}

TEST_CASE("rules name only existing destinations") {
  const TempDir home;
  const Loaded loaded = load_from(home, R"({"destinations":{"acme":{"organisation":"acme"}},
                "rules":[{"set":{"destination":["acme","default","acmee"]}}]})");
  REQUIRE(loaded.errors.size() == 1);
  CHECK_THAT(loaded.errors[0].line(),
             Catch::Contains("rules[0].set.destination: there is no destination \"acmee\"; did you "
                             "mean \"acme\"?"));
  CHECK(loaded.common_errors.size() == 1);
}

}  // namespace socbridge::integration
