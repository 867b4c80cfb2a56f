// SPDX-License-Identifier: Apache-2.0
#include "setup/key_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

using namespace socbridge;

TEST_CASE("a key is written for its owner only and read again") {
  const test::TempDir dir;
  const std::string path = dir / "made/key";
  REQUIRE(setup::read_key_file(path).ok());
  CHECK_FALSE(setup::read_key_file(path)->has_value());
  REQUIRE(setup::write_key_file(Env::real(), path, Secret("abc")).ok());
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
  const auto key = setup::read_key_file(path);
  REQUIRE(key.ok());
  CHECK((*key)->reveal() == "abc");
  REQUIRE(setup::write_key_file(Env::real(), path, Secret("def")).ok());
  CHECK(dir.read("made/key") == "def\n");
  CHECK_FALSE(dir.has("made/key.new"));
}

TEST_CASE("a file or folder that others may use is refused") {
  const test::TempDir dir;
  const std::string path = dir.write("key", "abc\n");
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  CHECK(setup::read_key_file(path).status().code() == ExitCode::usage);
  dir.folder("open", 0700);
  REQUIRE(::chmod((dir / "open").c_str(), 0777) == 0);
  CHECK(setup::write_key_file(Env::real(), dir / "open/key", Secret("abc")).code() ==
        ExitCode::usage);
  CHECK_FALSE(dir.has("open/key"));
}

TEST_CASE("the default file") {
  if (::geteuid() == 0) {
    CHECK(setup::default_key_file("thehive", "/home/a") == "/etc/socctl/thehive.key");
  } else {
    CHECK(setup::default_key_file("thehive", "/home/a") == "/home/a/.config/socctl/thehive.key");
  }
}

TEST_CASE("the configuration that is shown names the key file wherever it is read from") {
  CHECK(setup::configuration_of("cortex", "https://c", "/k/\"a") ==
        R"("cortex": {"url": "https://c", "key_file": "/k/\"a"} in /etc/socctl/config.json)");
  const std::string relative = setup::configuration_of("cortex", "https://c", "./kk/oc");
  CHECK(relative.find(R"("key_file": "/)") != std::string::npos);
  CHECK(relative.find("/kk/oc\"}") != std::string::npos);
}
