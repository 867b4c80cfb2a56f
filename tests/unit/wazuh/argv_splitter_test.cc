// SPDX-License-Identifier: Apache-2.0
#include "wazuh/argv_splitter.h"

#include <catch2/catch.hpp>
#include <string>

using namespace socbridge::wazuh;

namespace {

using Words = std::vector<std::string_view>;

Words words(const Words& args) { return argument_words(args).words; }

}  // namespace

TEST_CASE("the redirection is removed, complete, in pieces and at the end of a word") {
  const Words three = {"/tmp/a.alert", "key", "https://h"};
  CHECK(words({"/tmp/a.alert", "key", "https://h", " > /dev/null 2>&1"}) == three);
  CHECK(words({"/tmp/a.alert", "key", "https://h", ">", "/dev/null", "2>&1"}) == three);
  CHECK(words({"/tmp/a.alert", "key", "https://h > /dev/null 2>&1"}) == three);
  CHECK(words({">"}) == Words{">"});  // the first is the alert's file, whatever its form
  CHECK(words({}).empty());
}

TEST_CASE("only the rest of the line is split, the first three pieces may contain blanks") {
  const ArgumentWords key = argument_words({"/tmp/a.alert", "MY KEY", "https://h"});
  CHECK(key.words == Words{"/tmp/a.alert", "MY KEY", "https://h"});
  CHECK_FALSE(key.merged);
  const ArgumentWords rest =
      argument_words({"/tmp/a.alert", "k", "https://h", "debug /tmp/x.options 5"});
  CHECK(rest.words == Words{"/tmp/a.alert", "k", "https://h", "debug", "/tmp/x.options", "5"});
  CHECK(rest.merged);
}

TEST_CASE("splitting into words") {
  CHECK(is_url("https://h"));
  CHECK(is_url(" HTTP://h\n"));
  CHECK_FALSE(is_url("ftp://h"));
  CHECK(is_options_file("/tmp/custom-w2thive-1.options"));
  CHECK_FALSE(is_options_file("x.options"));
  CHECK(is_number("5"));
  CHECK_FALSE(is_number("-5"));
  CHECK_FALSE(is_number(""));
  CHECK(is_host_like("thehive.example"));
  CHECK(is_host_like("thehive:9000"));
  CHECK_FALSE(is_host_like("file:/etc/key"));
  CHECK_FALSE(is_host_like("debug"));
}

TEST_CASE("a key is never treated as the alert's file") {
  CHECK(is_not_alert_file("https://h", false));
  CHECK(is_not_alert_file("/tmp/a.options", true));
  CHECK(is_not_alert_file("file:/etc/key", false));
  CHECK(is_not_alert_file("file:/etc/key", true));
  CHECK(is_not_alert_file("0123456789abcdefghij", false));
  CHECK(is_not_alert_file("debug", false));
  CHECK_FALSE(is_not_alert_file("/tmp/a.alert", false));
  CHECK_FALSE(is_not_alert_file("a.alert", false));
  CHECK_FALSE(is_not_alert_file("0123456789abcdefghij", true));
}

TEST_CASE("argv splitter: words are found from a place on") {
  const Words some = {"a", "5", "b", "7"};
  CHECK(find_word(some, 0, is_number) == 1);
  CHECK(find_word(some, 2, is_number) == 3);
  CHECK(find_word(some, 4, is_number) == kNoWord);
}
