// SPDX-License-Identifier: Apache-2.0
#include "profile/config_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/skip.h"
#include "support/temp_dir.h"

namespace socbridge::profile {
namespace {

std::string error_of(const std::string& text) {
  const test::TempDir dir;
  const std::string path = dir.write("config.json", text);
  const auto values = read_config_file(Env::real(), path, "thehive");
  return values.ok() ? "" : values.status().line().substr(path.size());
}

TEST_CASE("config file: an error of JSON has a position, as in w2thive.json") {
  CHECK(error_of("{\n \"thehive\": }") == ":2:13: not JSON: this is not a JSON value");
  CHECK(error_of("[]") == ":1:1: the text must be one JSON object { … }");
}

TEST_CASE("config file: what is not a file is named once, without half a hint") {
  const test::TempDir dir;
  const auto values = read_config_file(Env::real(), dir.path(), "thehive");
  REQUIRE_FALSE(values.ok());
  const std::string line = values.status().line();
  CHECK(line.find(dir.path()) == line.rfind(dir.path()));
  CHECK_FALSE(values.status().hint().starts_with(","));
}

TEST_CASE("config file: the values of the product that is asked for must fit together") {
  CHECK(error_of(R"({"thehive": {"key": "k", "key_file": "f"}})") ==
        ":1:26: thehive.key_file cannot be combined with key; remove one of them");
  CHECK(error_of(R"({"thehive": {"pinned_key": "zz"}})")
            .starts_with(":1:14: thehive.pinned_key must be sha256//BASE64"));
  CHECK(error_of(R"({"thehive": {"key": "", "key_file": "f", "pinned_key": ""}})").empty());
  CHECK(error_of(R"({"cortex": {"key": "k", "key_file": "f", "pinned_key": "zz"}})").empty());
}

TEST_CASE("config file: a product has the values that are written for it") {
  const test::TempDir dir;
  const std::string path = dir.write("config.json", R"({
    // of the SOC
    "cortex": {"url": "https://c.example"},
    "thehive": {"url": "https://t.example", "user": "u", "key": "k3y", "scheme": "ApiKey",
      "organisation": "soc", "ca_file": "/ca.pem", "client_cert_file": "/c.pem",
      "client_key_file": "/c.key", "pinned_key": ""},
    "presets": {"anything": {"is": "not checked here"}},
  })");
  const auto values = read_config_file(Env::real(), path, "thehive");
  REQUIRE(values.ok());
  CHECK(values->url == "https://t.example");
  CHECK(values->user == "u");
  CHECK(values->key.reveal() == "k3y");
  CHECK(values->scheme == "ApiKey");
  CHECK(values->organisation == "soc");
  CHECK(values->ca_file == "/ca.pem");
  CHECK(values->client_cert_file == "/c.pem");
  CHECK(values->client_key_file == "/c.key");
  CHECK(values->pinned_key.empty());
  const auto cortex = read_config_file(Env::real(), path, "cortex");
  REQUIRE(cortex.ok());
  CHECK(cortex->url == "https://c.example");
  CHECK(cortex->key.empty());
  CHECK(read_config_file(Env::real(), path, "opencti")->url.empty());
}

TEST_CASE("config file: a key file is a key that has still to be read") {
  const test::TempDir dir;
  const std::string path = dir.write("config.json", R"({"thehive":{"key_file":"hive.key"}})");
  CHECK(read_config_file(Env::real(), path, "thehive")->key.reveal() == "file:hive.key");
}

TEST_CASE("config file: one that is missing says nothing") {
  const test::TempDir dir;
  dir.write("file", "");
  for (const char* name : {"none.json", "no/folder.json", "file/config.json"}) {
    CAPTURE(name);
    const auto values = read_config_file(Env::real(), dir / name, "thehive");
    REQUIRE(values.ok());
    CHECK(values->url.empty());
  }
}

TEST_CASE("config file: unknown products and keys are said with their place and the nearest") {
  CHECK(error_of("{\n \"thehiv\": {}}") ==
        ":2:2: unknown key \"thehiv\"; did you mean \"thehive\"?");
  CHECK(error_of(R"({"preset": {}})") == ":1:2: unknown key \"preset\"; did you mean \"presets\"?");
  CHECK(error_of(R"({"thehive": {"ulr": ""}})") ==
        ":1:14: unknown key \"ulr\"; did you mean \"url\"?");
  CHECK(error_of(R"({"zzzzzzzz": {}})")
            .starts_with(":1:2: unknown key \"zzzzzzzz\"; known are thehive, cortex, "));
  CHECK(error_of(R"({"thehive": {"zzzzzzzzzzz": ""}})")
            .starts_with(":1:14: unknown key \"zzzzzzzzzzz\"; known are url, user, key, "));
  // Of another product too: a misspelt key must not wait until that is used.
  CHECK(error_of(R"({"cortex": {"kye": "hunter2"}})") ==
        ":1:13: unknown key \"kye\"; did you mean \"key\"?");
  CHECK(error_of("{\"\x1b[2J\": {}}").find('\x1b') == std::string::npos);
}

TEST_CASE("config file: values of another kind are refused and not shown") {
  CHECK(error_of(R"({"thehive": ["hunter2"]})") == ":1:2: \"thehive\" must be an object");
  CHECK(error_of(R"({"thehive": {"url": null}})") == ":1:14: \"thehive.url\" must be a string");
  CHECK(error_of(R"({"cortex": {"key": 4711}})") == ":1:13: \"cortex.key\" must be a string");
}

TEST_CASE("config file: one that others may write is refused, for root with its own as the cure") {
  const test::TempDir dir;
  const std::string path = dir.write("config.json", "{}");
  REQUIRE(::chmod(path.c_str(), 0666) == 0);
  const Status status = read_config_file(Env::real(), path, "thehive").status();
  CHECK(status.code() == ExitCode::usage);
  CHECK(status.message() == path + " may be written by any user");
  const bool is_root = ::geteuid() == 0;
  CHECK(status.hint().ends_with(", or use a file of root with --profile or HOME=/root") == is_root);
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  REQUIRE(::chmod(dir.path().c_str(), 0777) == 0);
  const Status folder = read_config_file(Env::real(), path, "thehive").status();
  CHECK(folder.code() == ExitCode::usage);
  CHECK(folder.message() == path + ": " + dir.path() + " may be written by any user");
}

TEST_CASE("config file: one that this user may not read is an error, not a missing one") {
  if (::geteuid() == 0) SKIP_TEST("root may read every file");
  const test::TempDir dir;
  const std::string path = dir.write("config.json", "{}");
  REQUIRE(::chmod(path.c_str(), 0000) == 0);
  CHECK(read_config_file(Env::real(), path, "thehive").status().code() == ExitCode::usage);
}

TEST_CASE("config file: one of more than 1 MiB is refused") {
  const test::TempDir dir;
  const std::string path = dir.write("config.json", "{}" + std::string(std::size_t{1} << 20U, ' '));
  const Status status = read_config_file(Env::real(), path, "thehive").status();
  CHECK(status.code() == ExitCode::usage);
  CHECK(status.message().starts_with("cannot read " + path));
}

TEST_CASE("config file: any names are read where another reader checks them") {
  const test::TempDir dir;
  const std::string path = dir.write("config.json", R"({"zzz": 1})");
  const auto file = parse_config_file(Env::real(), path);
  REQUIRE(file.ok());
  CHECK(file->document.root()["zzz"].integer() == 1);
  CHECK(file->text == R"({"zzz": 1})");
  CHECK_FALSE(open_config_file(Env::real(), path).ok());
}

}  // namespace
}  // namespace socbridge::profile
