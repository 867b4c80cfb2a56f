// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "config/key_file.h"
#include "schema.h"
#include "support/skip.h"
#include "support/temp_dir.h"

using namespace socbridge;
using namespace socbridge::config;

namespace {

struct Folder : test::TempDir {
  std::string file(const std::string& name) const { return *this / name; }
  std::string write(std::string_view text, mode_t mode = 0640) const {
    unlink(file("key").c_str());
    const std::string made = TempDir::write("key", text);
    REQUIRE(chmod(made.c_str(), mode) == 0);
    return made;
  }
};

KeyFileRules own_rules() { return {{}, Trust::of_process()}; }

std::string key_of(const std::string& setting) {
  const auto key = read_key(Secret(setting), own_rules());
  INFO(key.status().line());
  REQUIRE(key.ok());
  return std::string(key->reveal());
}

std::string refusal(const std::string& setting) {
  const auto key = read_key(Secret(setting), own_rules());
  REQUIRE_FALSE(key.ok());
  CHECK(key.status().code() == ExitCode::usage);
  CHECK(key.status().line().find("hunter2") == std::string::npos);
  return key.status().line();
}

}  // namespace

TEST_CASE("a literal key is itself, without blanks around it") {
  CHECK(key_of("hunter2") == "hunter2");
  CHECK(key_of(" hunter2\n") == "hunter2");
  CHECK(key_of("").empty());
  CHECK(refusal("hunter2\nX-Evil: 1") == "the key holds control characters");
}

TEST_CASE("a key file gives its first line") {
  const Folder folder;
  CHECK(key_of("file:" + folder.write("hunter2\n")) == "hunter2");
  CHECK(key_of("file:" + folder.write("  hunter2 \r\nsecond line\n", 0600)) == "hunter2");
  CHECK(key_of("file: " + folder.write("hunter2", 0440)) == "hunter2");
  CHECK(key_of("file:" + folder.write("\xEF\xBB\xBFhunter2\r\n")) == "hunter2");  // of Windows
  CHECK(key_of("file:" + folder.write(std::string(4096, 'k'))) == std::string(4096, 'k'));
}

TEST_CASE("a key file behind a link is checked by the file itself") {
  const Folder folder;
  REQUIRE(symlink(folder.write("hunter2\n").c_str(), folder.file("link").c_str()) == 0);
  CHECK(key_of("file:" + folder.file("link")) == "hunter2");
  folder.write("hunter2\n", 0660);
  CHECK(refusal("file:" + folder.file("link")).find("written by group") != std::string::npos);
}

TEST_CASE("a key file that others may write is refused, with the cure") {
  const Folder folder;
  const std::string group = folder.write("hunter2\n", 0660);
  CHECK(refusal("file:" + group).find("written by") != std::string::npos);
  for (const mode_t mode : {mode_t{0602}, mode_t{0666}}) {
    const std::string name = folder.write("hunter2\n", mode);
    CHECK(refusal("file:" + name) ==
          "key file " + name + ": " + name + " may be written by any user; run chmod o-w " + name);
  }
  const std::string name = folder.write("hunter2\n", 0600);
  REQUIRE(chmod(folder.path().c_str(), 0777) == 0);
  CHECK(refusal("file:" + name) == "key file " + name + ": " + folder.path() +
                                       " may be written by any user; run chmod o-w " +
                                       folder.path());
}

TEST_CASE("a key file that all users or another group may read is refused, with the remedy") {
  const Folder folder;
  const std::string all = folder.write("hunter2\n", 0444);
  CHECK(refusal("file:" + all) ==
        "key file " + all + " may be read by any user; chmod o-rwx " + all);
  CHECK(key_of("file:" + folder.write("hunter2\n", 0640)) == "hunter2");
  if (geteuid() != 0) SKIP_TEST("only root can give a file to a group that it is not in");
  const std::string name = folder.write("hunter2\n", 0640);
  REQUIRE(chown(name.c_str(), 0, 65534) == 0);
  CHECK(refusal("file:" + name).find("may be read by the group") != std::string::npos);
  KeyFileRules wazuh = own_rules();
  wazuh.trust.groups.push_back(65534);
  CHECK(read_key(Secret("file:" + name), wazuh).ok());
}

TEST_CASE("a key file's path in a cure to copy is one word of a shell") {
  const Folder folder;
  const std::string name = folder.TempDir::write("a key", "hunter2\n"), word = "'" + name + "'";
  const auto hint = [&] { return read_key(Secret("file:" + name), own_rules()).status().hint(); };
  REQUIRE(chmod(name.c_str(), 0604) == 0);
  CHECK(hint() == "chmod o-rwx " + word);
  if (geteuid() == 0) {
    REQUIRE(chown(name.c_str(), 0, 65534) == 0);
    REQUIRE(chmod(name.c_str(), 0640) == 0);
    CHECK(hint() == "chmod 600 " + word);
  }
  REQUIRE(chown(name.c_str(), geteuid(), getegid()) == 0);
  REQUIRE(chmod(name.c_str(), 0620) == 0);
  if (geteuid() == 0) CHECK(hint() == "chmod go-w " + word);
  REQUIRE(unlink(name.c_str()) == 0);
  CHECK(hint() == "create it with the key as its only line, then chmod 640 " + word);
}

TEST_CASE("a relative key file is below the folder of the rules") {
  const Folder folder;
  folder.write("hunter2\n", 0600);
  const KeyFileRules rules{folder.path(), Trust::of_process()};
  CHECK(key_file_of(Secret("file: key "), rules) == folder.path() + "/key");
  CHECK(key_file_of(Secret("file:/etc/key"), rules) == "/etc/key");
  CHECK(key_file_of(Secret("key"), rules).empty());
  const auto key = read_key(Secret("file:key"), rules);
  REQUIRE(key.ok());
  CHECK(key->reveal() == "hunter2");
}

TEST_CASE("a key file of another user is refused, also through a link") {
  const Folder folder;
  const std::string name = folder.write("hunter2\n", 0600);
  Trust trust_none;
  if (geteuid() == 0) REQUIRE(chown(name.c_str(), 65534, 65534) == 0);
  REQUIRE(symlink(name.c_str(), folder.file("link").c_str()) == 0);
  for (const std::string& path : {name, folder.file("link")}) {
    const auto key = read_key(Secret("file:" + path), {{}, trust_none});
    REQUIRE_FALSE(key.ok());
    CHECK(key.status().message().find("belongs to") != std::string::npos);
  }
}

TEST_CASE("a path that is not a key file is refused") {
  const Folder folder;
  CHECK(refusal("file:") == "the key setting \"file:\" names no file");
  CHECK(refusal("file:" + folder.file("none")).find("No such file or directory; create it") !=
        std::string::npos);
  CHECK(refusal("file:" + folder.path()).find("is not a regular file") != std::string::npos);
  CHECK(refusal("file:/dev/null").find("is not a regular file") != std::string::npos);
  CHECK(refusal("file:" + folder.write("")).find("is empty") != std::string::npos);
  CHECK(refusal("file:" + folder.write(" \nhunter2\n")).find("is empty") != std::string::npos);
  CHECK(refusal("file:" + folder.write("hunter2" + std::string(4096, 'x')))
            .find("larger than 4 KiB") != std::string::npos);
  CHECK(refusal("file:" + folder.write("hunter2\x01\n")).find("control characters") !=
        std::string::npos);
  CHECK(refusal("file:" + folder.write(std::string_view("hunter2\0x\n", 10)))
            .find("control characters") != std::string::npos);
}

TEST_CASE("a pipe in the file's place does not hold up anybody") {
  const Folder folder;
  REQUIRE(mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(refusal("file:" + folder.file("pipe")).find("is not a regular file") != std::string::npos);
}

TEST_CASE("key file: a path is printed harmlessly") {
  CHECK(refusal("file:/none/a\x1b[31m").find("/none/a\\u{1b}[31m") != std::string::npos);
}
