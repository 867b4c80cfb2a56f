// SPDX-License-Identifier: Apache-2.0
#include "wazuh/command_line.h"

#include <catch2/catch.hpp>

using namespace socbridge;
using namespace socbridge::wazuh;

namespace {

IntegrationBlock block_of(std::string key, std::string url) {
  IntegrationBlock block;
  block.name = "custom-w2thive";
  block.api_key = Secret(std::move(key));
  block.hook_url = std::move(url);
  return block;
}

}  // namespace

TEST_CASE("command line: eight arguments, empty ones included") {
  const auto plain = command_line_of(block_of("K", "http://x"));
  REQUIRE(plain);
  REQUIRE(plain->size() == 8);
  CHECK((*plain)[0].ends_with(".alert"));
  CHECK((*plain)[1] == "K");
  CHECK((*plain)[2] == "http://x");
  CHECK((*plain)[3].empty());
  CHECK((*plain)[4].empty());
  CHECK((*plain)[5] == "10");
  CHECK((*plain)[6] == "3");
  CHECK((*plain)[7] == "> /dev/null 2>&1");
  IntegrationBlock block = block_of("K", "http://x");
  block.lines["options"] = 1;
  CHECK((*command_line_of(block))[4].ends_with(".options"));
}

TEST_CASE("command line: blanks shift, and a backslash in front of one joins") {
  const auto shifted = command_line_of(block_of(" K ", "http://x"));
  REQUIRE(shifted);
  CHECK((*shifted)[1].empty());
  CHECK((*shifted)[2] == "K");
  CHECK((*shifted)[4] == "http://x");
  CHECK((*shifted)[7].ends_with("> /dev/null 2>&1"));
  const auto joined = command_line_of(block_of("MY\\ KEY", "http://x"));
  CHECK((*joined)[1] == "MY KEY");
}

TEST_CASE("command line: custom-w2thive's interpretation") {
  const auto call = invocation_of(block_of(" K ", "\nhttp://x\n"));
  REQUIRE(call);
  CHECK(call->key.reveal() == "K");
  CHECK(call->hook_url == "http://x");
  CHECK_FALSE(call->remarks.empty());
  CHECK(invocation_of(block_of("K", "http://x"))->remarks.empty());
}

TEST_CASE("command line: longer than integratord's buffer") {
  CHECK(command_line_of(block_of("K", std::string(3900, 'x'))));
  CHECK_FALSE(command_line_of(block_of("K", std::string(4100, 'x'))));
}
