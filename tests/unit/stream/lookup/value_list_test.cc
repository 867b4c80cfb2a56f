// SPDX-License-Identifier: Apache-2.0
#include "stream/lookup/value_list.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/temp_dir.h"

namespace socbridge::stream {
namespace {

using Texts = std::vector<std::string>;

// Standard input is this file while it lives.
class Input {
 public:
  explicit Input(const std::string& path) : before_(::dup(0)) {
    const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    REQUIRE(::dup2(file.get(), 0) == 0);
  }
  ~Input() { ::dup2(before_.get(), 0); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

 private:
  Fd before_;
};

struct Read {
  Status status;
  Texts values, errors;
};

Read read(const Texts& given, const std::string& input = {}) {
  const test::TempDir folder;
  const Input standard(folder.write("input", input));
  Read out;
  out.status = read_values(
      Env::real(), given, [&](opencti::Value value) { out.values.push_back(value.text); },
      [&](const Status& bad) { out.errors.push_back(bad.line()); });
  return out;
}

}  // namespace

TEST_CASE("values of a command line in order, a wrong one beside the others") {
  const Read got = read({"198.51.100[.]7", "  ", "evil.example"});
  CHECK(got.status.ok());
  CHECK(got.values == Texts{"198.51.100.7", "evil.example"});
  REQUIRE(got.errors.size() == 1);
  CHECK(got.errors[0].find("line") != 0);
}

TEST_CASE("values of standard input stand where the dash does, without blanks and comments") {
  const Read got =
      read({"first.example", "-", "last.example"}, "# ours\n\n  a.example \r\n\t\nb.example");
  CHECK(got.values == Texts{"first.example", "a.example", "b.example", "last.example"});
  CHECK(got.errors.empty());
  CHECK(read({"-"}).values.empty());
}

TEST_CASE("a line that is not a value is named by its number, and the others go on") {
  const Read got = read({"-"}, "# c\n" + std::string(70000, 'a') + "\nb.example\n");
  CHECK(got.status.ok());
  CHECK(got.values == Texts{"b.example"});
  REQUIRE(got.errors.size() == 1);
  CHECK_THAT(got.errors[0], Catch::StartsWith("line 2: "));
}

TEST_CASE("standard input beyond 16 MiB is refused") {
  const Read got = read({"-"}, std::string((std::size_t{16} << 20) + 1, '\n'));
  CHECK(got.status.code() == ExitCode::bad_input);
  CHECK(got.values.empty());
}

TEST_CASE("standard input that cannot be read is bad input") {
  const test::TempDir folder;
  const Input standard(folder.path());  // a folder
  int taken = 0;
  const auto count = [&](const auto&) { ++taken; };
  CHECK(read_values(Env::real(), {"-", "a.example"}, count, count).code() == ExitCode::bad_input);
  CHECK(taken == 0);
}

}  // namespace socbridge::stream
