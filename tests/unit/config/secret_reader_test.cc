#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "schema.h"

using namespace socbridge;
using namespace socbridge::config;

namespace {

// A folder that goes away with its files.
class Folder {
 public:
  Folder() {
    char pattern[] = "/tmp/secret-reader-XXXXXX";
    path_ = mkdtemp(pattern);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    for (const std::string& name : {file("key"), file("link"), file("pipe")}) unlink(name.c_str());
    rmdir(path_.c_str());
  }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

  std::string write(std::string_view text, mode_t mode = 0640) const {
    const std::string name = file("key");
    unlink(name.c_str());
    const int fd = open(name.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    REQUIRE(fd >= 0);
    REQUIRE(::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    REQUIRE(fchmod(fd, mode) == 0);
    close(fd);
    return name;
  }

 private:
  std::string path_;
};

std::string key_of(const std::string& setting) {
  const auto key = SecretReader::resolve(Secret(setting));
  INFO(key.status().line());
  REQUIRE(key.ok());
  return std::string(key->reveal());
}

std::string refusal(const std::string& setting) {
  const auto key = SecretReader::resolve(Secret(setting));
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
  CHECK(key_of("file: " + folder.write("hunter2", 0444)) == "hunter2");
  CHECK(key_of("file:" + folder.write(std::string(4096, 'k'))) == std::string(4096, 'k'));
}

TEST_CASE("a key file behind a link is judged by the file itself") {
  const Folder folder;
  REQUIRE(symlink(folder.write("hunter2\n").c_str(), folder.file("link").c_str()) == 0);
  CHECK(key_of("file:" + folder.file("link")) == "hunter2");
  folder.write("hunter2\n", 0660);
  CHECK(refusal("file:" + folder.file("link")).find("written by group") != std::string::npos);
}

TEST_CASE("a key file that others may write is refused, with the cure") {
  const Folder folder;
  for (const mode_t mode : {mode_t{0660}, mode_t{0602}, mode_t{0666}}) {
    const std::string name = folder.write("hunter2\n", mode);
    CHECK(refusal("file:" + name) ==
          "key file " + name + " may be written by group or others; chmod go-w " + name);
  }
}

TEST_CASE("what is no key file is refused") {
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

TEST_CASE("a path is printed harmlessly") {
  CHECK(refusal("file:/none/a\x1b[31m").find("/none/a\\u{1b}[31m") != std::string::npos);
}
