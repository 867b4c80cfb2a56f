// SPDX-License-Identifier: Apache-2.0
// A secret in foreign text, in the spellings of servers and proxies.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/secret.h"

namespace socbridge {
namespace {

const std::string kKey = "sK3/y+\"abcdEFGH0123456789=z";

std::string base64(const std::string& bytes, bool url = false) {
  const std::string digits =
      std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") +
      (url ? "-_" : "+/");
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group * 256 + (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      const bool pad = i + k > bytes.size();
      out += pad ? '=' : digits[(group >> (18 - 6 * k)) & 63U];
    }
  }
  return out;
}

std::string percent(const std::string& bytes, bool upper, bool everything, bool twice) {
  const char* hex = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!everything && std::isalnum(byte) != 0) {
      out += c;
      continue;
    }
    out += twice ? "%25" : "%";
    out += hex[byte / 16];
    out += hex[byte % 16];
  }
  return out;
}

std::string unicode(const std::string& bytes) {
  std::string out;
  const char* hex = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += std::string("\\u00") + hex[byte / 16] + hex[byte % 16];
  }
  return out;
}

std::string entities(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) out += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
  return out;
}

// The longest part of `a` that is also in `b`.
std::size_t common(const std::string& a, const std::string& b) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    while (i + most < a.size() && b.find(a.substr(i, most + 1)) != std::string::npos) ++most;
  }
  return most;
}

}  // namespace

TEST_CASE("a secret is found in every spelling") {
  std::vector<std::string> spellings = {
      kKey,
      percent(kKey, true, false, false),
      percent(kKey, false, false, false),
      percent(kKey, true, true, false),
      percent(kKey, true, false, true),
      unicode(kKey),
      R"(sK3\/y+\"abcdEFGH0123456789=z)",
      "sK3/y+&quot;abcdEFGH0123456789=z",
      entities(kKey),
      "sk3/y+\"abcdefgh0123456789=z",
  };
  for (const char* before : {"", "x", "xy", "user:", "a-user@soc.example:", "user1:"}) {
    for (const char* behind : {"", "!", "!!", "\r\n"}) {
      for (const bool url : {false, true}) spellings.push_back(base64(before + kKey + behind, url));
    }
  }
  spellings.push_back(percent(base64("user:" + kKey), true, false, false));
  const Secret secret(kKey);
  for (const std::string& one : spellings) {
    INFO(one);
    const std::string text = redact("Authorization: <" + one + ">; and what follows", secret);
    CHECK(text.find("[redacted]") != std::string::npos);
    CHECK(text.find("and what follows") != std::string::npos);
    // The user's part of Basic credentials is not a secret; up to two digits next to it may remain.
    std::string rest = text;
    rest.erase(rest.find("[redacted]"), 10);
    CHECK(common(kKey.substr(2), rest.substr(16)) <= 5);
    CHECK(common(base64(kKey), rest) <= 5);
  }
}

TEST_CASE("redaction replaces all occurrences and nothing else") {
  const Secret secret("abcdefgh01234567");
  CHECK(redact("abcdefgh01234567, %61bcdefgh01234567 & 100 % of A+B \\ &amp; %zz %", secret) ==
        "[redacted], [redacted] & 100 % of A+B \\ &amp; %zz %");
  CHECK(redact("abcdefgh0123456", secret) == "abcdefgh0123456");
  CHECK(redact("", secret).empty());
  CHECK(redact("%", secret) == "%");
  CHECK(redact("\\u00", secret) == "\\u00");
  CHECK(redact("abc", Secret("abc")) == "abc");
}

TEST_CASE("a short secret is not looked for in base64") {
  CHECK(redact("c2hvcnQ", Secret("short")) == "c2hvcnQ");
}

TEST_CASE("redacting a long text takes linear time") {
  std::string text(2000000, 'a');
  for (std::size_t i = 0; i < text.size(); i += 7) text[i] = '%';
  const std::string result = redact(text + "abcdefgh01234567", Secret("abcdefgh01234567"));
  CHECK(result.size() == text.size() + 10);
}

}  // namespace socbridge
