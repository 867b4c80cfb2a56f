// SPDX-License-Identifier: Apache-2.0
#include "integration/endpoint_keys.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "integration/settings.h"
#include "support/temp_dir.h"

namespace socbridge::integration {
namespace {

config::Settings values_of(const std::string& json) {
  config::Settings values(schema());
  REQUIRE(values.add_json(json, "f.json").empty());
  return values;
}

// What a reader gives and the line of its only error, "" if there is none.
struct Got {
  std::string value, error;
  bool operator==(const Got&) const = default;
};

template <typename Read>
Got got(const std::string& json, Read read) {
  const config::Settings values = values_of(json);
  std::vector<Status> errors;
  Got out{read(values, errors), {}};
  REQUIRE(errors.size() <= 1);
  if (errors.empty()) return out;
  CHECK(errors[0].code() == ExitCode::usage);
  out.error = errors[0].line();
  return out;
}

Got url(const std::string& json, const UrlSource& otherwise = {}) {
  return got(json, [&](const config::Settings& values, std::vector<Status>& errors) {
    return read_url(values, otherwise, errors);
  });
}

Got organisation(const std::string& json) {
  return got(json, [](const config::Settings& values, std::vector<Status>& errors) {
    return read_organisation(values, errors);
  });
}

Got proxy(const std::string& json) {
  return got(json, [](const config::Settings& values, std::vector<Status>& errors) {
    return read_proxy(values, errors);
  });
}

}  // namespace

TEST_CASE("the place of a key is its file with line and column, or what else gave it") {
  config::Settings values = values_of("{\n \"url\": \"https://t.example\"}");
  REQUIRE(values.add_text("organisation", "soc", "--organisation").ok());
  CHECK(place_of(values, "url") == "f.json:2:2");
  CHECK(place_of(values, "organisation") == "--organisation");
  CHECK(place_of(values, "proxy") == "default");
}

TEST_CASE("an error of a key has its place and path, below a destination that of the destination") {
  const config::Settings values = values_of(R"({"url":"x"})");
  const Status top = error_of(values, "url", " is wrong", "hint");
  CHECK(top.code() == ExitCode::usage);
  CHECK(top.line() == "f.json:1:2: url is wrong; hint");
  CHECK(error_of(Keys(values, "acme"), "url", ": no").line() ==
        "f.json:1:2: destinations.acme.url: no");
}

TEST_CASE("relative paths are below the home, others stay") {
  CHECK(below("/var/ossec", "etc/ca.pem") == "/var/ossec/etc/ca.pem");
  CHECK(below("/var/ossec", "/etc/ca.pem") == "/etc/ca.pem");
  CHECK(below("/var/ossec", "").empty());
}

TEST_CASE("the configured URL goes before the one that was passed, in its normal form") {
  CHECK(url(R"({"url":"https://a.example/hive//"})", {"https://b.example", "<hook_url>"}) ==
        Got{"https://a.example/hive", ""});
  CHECK(url("{}", {"https://b.example/", "<hook_url>"}) == Got{"https://b.example", ""});
  CHECK(url("{}") == Got{"", ""});
}

TEST_CASE("a URL that is none is an error of where it came from, without its password") {
  const Got configured = url(R"({"url":"https://u:hunter2@a.example"})", {"https://b", "x"});
  CHECK(configured.value.empty());
  CHECK(configured.error.starts_with("f.json:1:2: url: bad URL"));
  CHECK(configured.error.find("hunter2") == std::string::npos);
  const Got handed = url("{}", {"ftp://b.example", "<hook_url>"});
  CHECK(handed.value.empty());
  CHECK(handed.error.starts_with("<hook_url>: bad URL"));
}

TEST_CASE("an organisation is one name and no template, and fits into a header line") {
  CHECK(organisation(R"({"organisation":"soc é"})") == Got{"soc é", ""});
  CHECK(organisation("{}") == Got{"", ""});
  for (const char* name : {"{agent.name}", "a}b"}) {
    const Got refused = organisation(R"({"organisation":")" + std::string(name) + "\"}");
    CHECK(refused.value.empty());
    CHECK(refused.error == "f.json:1:2: organisation must not be a template: " + std::string(name) +
                               "; set one organisation; rules can use others of \"destinations\"");
  }
  CHECK(organisation(R"({"organisation":"x\r\nY: z"})").error ==
        "f.json:1:2: organisation holds control characters");
}

TEST_CASE("a proxy is a host with a scheme that libcurl knows, or without") {
  for (const char* fine : {"http://p:3128", "HTTPS://p", "socks4://p", "socks4a://p", "socks5://p",
                           "socks5h://p:1080", "p:3128", "p", "http://[::1]:3128"}) {
    CAPTURE(fine);
    CHECK(proxy(R"({"proxy":")" + std::string(fine) + "\"}") == Got{fine, ""});
  }
  const Got scheme = proxy(R"({"proxy":"ftp://p"})");
  CHECK(scheme.value.empty());
  CHECK(scheme.error ==
        "f.json:1:2: proxy: bad URL: not a scheme of a proxy; write it "
        "as http://host:port");
  for (const char* wrong : {"http://", "p:99999", "a b"}) {
    CAPTURE(wrong);
    const Got refused = proxy(R"({"proxy":")" + std::string(wrong) + "\"}");
    CHECK(refused.value.empty());
    CHECK(refused.error.starts_with("f.json:1:2: proxy: "));
    CHECK(refused.error.ends_with("; write it as http://host:port"));
  }
}

TEST_CASE("a login in a proxy is refused and not repeated") {
  const Got refused = proxy(R"({"proxy":"http://u:hunter2@p"})");
  CHECK(refused == Got{"", "f.json:1:2: proxy must not have a user or password"});
}

TEST_CASE("the configured key goes before the one that was passed; files are read") {
  const socbridge::test::TempDir dir;
  REQUIRE(::chmod(dir.write("thehive.key", "k3y-of-file\n").c_str(), 0600) == 0);
  const config::KeyFileRules rules{dir.path(), Trust::of_process()};
  std::vector<Status> errors;
  std::string file;
  const auto read = [&](const std::string& json, const std::string& argument_key) {
    const config::Settings values = values_of(json);
    file.clear();
    return std::string(read_api_key(values, Secret(argument_key), rules, file, errors).reveal());
  };
  CHECK(read(R"({"api_key":"own"})", "other") == "own");
  CHECK(file.empty());
  CHECK(read("{}", "other") == "other");
  CHECK(read("{}", "").empty());
  CHECK(read("{}", "file:thehive.key") == "k3y-of-file");
  CHECK(file == dir / "thehive.key");
  CHECK(errors.empty());
  CHECK(read(R"({"api_key":"file:none.key"})", "other").empty());  // no other key goes in its place
  CHECK(file == dir / "none.key");
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].line().starts_with("f.json:1:2: api_key: key file " + (dir / "none.key")));
  CHECK(read("{}", "file:none.key").empty());
  REQUIRE(errors.size() == 2);
  CHECK(errors[1].line().starts_with("key file " + (dir / "none.key")));
}

}  // namespace socbridge::integration
