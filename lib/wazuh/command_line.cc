// SPDX-License-Identifier: Apache-2.0
#include "wazuh/command_line.h"

#include <string_view>
#include <utility>

#include "base/secret.h"

namespace socbridge::wazuh {
namespace {

constexpr std::size_t kPieces = 9;
constexpr std::size_t kBuffer = 4095;  // with the NUL; the redirection is appended to it
constexpr const char* kRedirection = " > /dev/null 2>&1";

std::vector<std::string> cut(std::string_view line) {
  std::vector<std::string> pieces(1);
  char before = '\0';
  for (const char c : line) {
    std::string& piece = pieces.back();
    const bool may_cut = c == ' ' && pieces.size() < kPieces;
    if (may_cut && before == '\\') {
      if (!piece.empty()) piece.pop_back();
      piece += c;
    } else if (may_cut) {
      pieces.emplace_back();
    } else {
      piece += c;
    }
    before = c;
  }
  return pieces;
}

}  // namespace

std::optional<std::vector<std::string>> command_line_of(const IntegrationBlock& block) {
  const std::string temporary = "/tmp/" + block.name + "-1700000000--1234567890";
  std::string line = "integrations " + temporary + ".alert ";
  line += std::string(block.api_key.reveal()) + " " + block.hook_url + "  ";
  if (block.has("options")) line += temporary + ".options";
  line += " " + std::to_string(block.timeout_s) + " " + std::to_string(block.retries);
  const std::string_view redirection = kRedirection;
  if (line.size() + redirection.size() >= kBuffer) return std::nullopt;
  line += redirection;
  std::vector<std::string> pieces = cut(line);
  secure_wipe(line.data(), line.size());
  pieces.erase(pieces.begin());
  return pieces;
}

std::optional<Invocation> invocation_of(const IntegrationBlock& block) {
  auto pieces = command_line_of(block);
  if (!pieces) return std::nullopt;
  const std::vector<std::string_view> args(pieces->begin(), pieces->end());
  Invocation call = parse_invocation(args);
  for (std::string& piece : *pieces) secure_wipe(piece.data(), piece.size());
  return call;
}

}  // namespace socbridge::wazuh
