// SPDX-License-Identifier: Apache-2.0
// Properties of all arguments; the table of them is in invocation_rows_test.cc, shifted ones are in
// invocation_shift_test.cc.
#include "wazuh/invocation.h"

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"

namespace socbridge::wazuh {
namespace {

Invocation parse(const std::vector<std::string>& args) {
  const std::vector<std::string_view> views(args.begin(), args.end());
  return parse_invocation(views);
}

}  // namespace

TEST_CASE("invocation: for any input numbers are in range and no remark contains a value") {
  const std::array<const char*, 18> words = {"",
                                             " ",
                                             "/tmp/custom-w2thive-1--2.alert",
                                             "/tmp/custom-w2thive-1-2.options",
                                             "S3CRETPIECE",
                                             "S3CRET PIECE",
                                             "https://S3CRETPIECE@t.example",
                                             "http://t.example/S3CRETPIECE x",
                                             "debug",
                                             "0",
                                             "18446744073709551616",
                                             "3601",
                                             "-5",
                                             "> /dev/null 2>&1",
                                             "\x1b[2J\n",
                                             "\xff\xfe",
                                             "S3CRETPIECE\\",
                                             "file:/x"};
  std::mt19937 random(20250314);  // NOLINT(cert-msc51-cpp): the same each time
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::string> args;
    for (std::size_t i = random() % 10; i > 0; --i)
      args.emplace_back(words[random() % words.size()]);
    const Invocation call = parse(args);
    CHECK((call.timeout_s >= 1 && call.timeout_s <= 3600));
    CHECK((call.retries >= 0 && call.retries <= 100));
    CHECK(call.no_arguments == args.empty());
    for (const std::string& remark : call.remarks) {
      CHECK(remark.find("S3CRET") == std::string::npos);
      CHECK(printable(remark, SIZE_MAX) == remark);
    }
  }
}

TEST_CASE("invocation: one argument is the alert file, however long") {
  const std::string path = "/tmp/" + std::string(100000, 'x') + ".alert";
  CHECK(parse({path}).alert_file == path);
  CHECK(parse({path}).key.empty());
  CHECK(parse({""}).alert_file.empty());
  CHECK_FALSE(parse({""}).no_arguments);
}

TEST_CASE("invocation: a thousand words are read in a moment") {
  std::vector<std::string> args(1000, "word");
  args[0] = "/tmp/custom-w2thive-1--2.alert";
  args[2] = "https://t.example";
  const Invocation call = parse(args);
  CHECK(call.alert_file == args[0]);
  CHECK(call.hook_url == args[2]);
  CHECK(call.key.reveal() == "word");
}

}  // namespace socbridge::wazuh
