// SPDX-License-Identifier: Apache-2.0
#include "mapping/by_content.h"

#include <arpa/inet.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "json/writer.h"
#include "mapping/observables.h"
#include "observable/refang.h"
#include "wazuh/alert.h"

namespace socbridge::mapping {
namespace {

using Texts = std::vector<std::string>;

// SOCBRIDGE_SEED repeats a run.
std::uint64_t seed() {
  const char* given = std::getenv("SOCBRIDGE_SEED");  // NOLINT(concurrency-mt-unsafe)
  return given == nullptr ? std::random_device()() : std::strtoull(given, nullptr, 10);
}

// Alerts whose leaves are values, value-like texts and random bytes.
class RandomAlert {
 public:
  explicit RandomAlert(std::uint64_t seed) : random_(seed) {}

  std::string next() {
    leaves_.clear();
    json::Writer w;
    w.begin_object();
    w.key("rule");
    w.begin_object();
    w.member("level", 7);
    w.end_object();
    w.key("data");
    object(w, 0);
    w.end_object();
    return std::move(w).take();
  }
  const Texts& leaves() const { return leaves_; }

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  template <std::size_t N>
  std::string one_of(const std::array<const char*, N>& list) {
    return list[below(N)];
  }

  std::string number(std::size_t most) { return std::to_string(below(most + 1)); }
  std::string hex(std::size_t digits) {
    std::string out;
    while (out.size() < digits) out += "0123456789abcdefABCDEF"[below(22)];
    return out;
  }
  std::string address() {
    const std::string v4 = number(299) + "." + number(255) + "." + number(255) + "." + number(255);
    switch (below(6)) {
      case 0: return "2001:DB8:" + hex(3) + "::" + hex(2);
      case 1: return "::ffff:" + v4;
      case 2: return v4 + ":" + number(70000);
      case 3: return "[2001:db8::" + hex(1) + "]:" + number(65535);
      default: return v4;
    }
  }
  std::string host() {
    return one_of<9>({"evil.example", "WWW.Example.COM", "a_b.example.org", "bücher.example",
                      "setup.exe", "dc01", "srv.corp.local", "evil[.]example", "1.2.3"});
  }
  std::string value() {
    switch (below(12)) {
      case 0: return address();
      case 1: return host();
      case 2:
        return one_of<4>({"http://", "hxxps://", "ftp://", "file://"}) + host() + "/" + hex(4);
      case 3: return one_of<4>({"ana@", "a.b+c@", "SMTP:x@", "@"}) + host();
      case 4: return hex(std::array{32U, 40U, 64U, 33U}[below(4)]);
      case 5: return one_of<4>({"DOM\\ana", "root(uid=0)", "arn:aws:iam::1:user/x", "DWM-1"});
      case 6:
        return one_of<3>({"C:\\\\a\\\\b.exe", "/tmp/x.sh", "file:_C:\\a.exe; webfile:_x|pid:1"});
      case 7: return "/" + hex(6) + "?u=" + address();
      case 8: return "GET /" + hex(3) + " HTTP/1.1";
      case 9: return one_of<5>({"", " ", "-", "N/A", "\"\"''"});
      default:
        return hex(below(12)) + one_of<6>({" ", "|", ";", "\n", "\xC3\xA9", "\\"}) + number(99);
    }
  }
  std::string text() {
    std::string out = value();
    for (std::size_t i = below(4); i > 0; --i) {
      out += one_of<6>({",", "; ", "|", " ", "\n", ":"}) + value();
    }
    return out;
  }
  std::string name() {
    return one_of<24>({"src_ip",    "remote",  "url",       "host",    "path",    "userName",
                       "file_name", "sha256",  "indicator", "from",    "value",   "cs1",
                       "cs1Label",  "message", "query",     "version", "headers", "domain",
                       "recipient", "x",       "fileHash",  "client",  "target",  "uri"});
  }

  void object(json::Writer& w, std::size_t depth) {
    w.begin_object();
    for (std::size_t i = below(7) + 1; i > 0; --i) {
      w.key(name());
      if (depth < 4 && below(5) == 0) {
        object(w, depth + 1);
      } else if (below(8) == 0) {
        w.begin_array();
        for (std::size_t k = below(4); k > 0; --k) leaf(w);
        w.end_array();
      } else {
        leaf(w);
      }
    }
    w.end_object();
  }
  void leaf(json::Writer& w) {
    leaves_.push_back(text());
    w.value(leaves_.back());
  }

  std::mt19937_64 random_;
  Texts leaves_;
};

std::string lower(std::string_view text) { return ascii_lower(text); }

// Two backslashes are one where a text was escaped for Windows or JSON.
std::string once(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\\\", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

bool holds(const Texts& leaves, const std::string& part) {
  const std::string wanted = once(lower(part));
  return std::any_of(leaves.begin(), leaves.end(), [&](const std::string& leaf) {
    return once(lower(leaf)).find(wanted) != std::string::npos ||
           once(lower(observable::refang(leaf))).find(wanted) != std::string::npos;
  });
}

using Address = std::array<unsigned char, 16>;

// The same bytes, however they are written.
std::optional<Address> address_of(const std::string& text) {
  Address out{};
  if (inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
  if (inet_pton(AF_INET6, ("::ffff:" + text).c_str(), out.data()) == 1) return out;
  return std::nullopt;
}

bool holds_address(const Texts& leaves, const std::string& value) {
  const auto wanted = address_of(value);
  if (!wanted) return false;
  for (const std::string& leaf : leaves) {
    constexpr std::string_view kSigns = "0123456789abcdefABCDEF:.";
    for (std::size_t at = 0; at < leaf.size();) {
      const std::size_t begin = leaf.find_first_of(kSigns, at);
      if (begin == std::string::npos) break;
      at = std::min(leaf.find_first_not_of(kSigns, begin), leaf.size());
      // Without surrounding characters of the text.
      for (std::size_t from = begin; from < at; ++from) {
        for (std::size_t to = at; to > from; --to) {
          if (address_of(leaf.substr(from, to - from)) == wanted) return true;
        }
      }
    }
  }
  return false;
}

std::string in_unicode(const std::string& text) {
  char* out = nullptr;
  const std::size_t begin = text.find("xn--");
  const std::size_t end = std::min(text.find_first_of("/:,", begin), text.size());
  if (idn2_to_unicode_8z8z(text.substr(begin, end - begin).c_str(), &out, 0) != IDN2_OK)
    return text;
  std::string unicode = text.substr(0, begin) + out + text.substr(end);
  idn2_free(out);
  return unicode;
}

// A leaf or a part of one; of a request also its host and its path, which are two leaves.
bool is_in(const Texts& leaves, const std::string& given) {
  const std::string value = given.find("xn--") == std::string::npos ? given : in_unicode(given);
  if (holds(leaves, value) || holds_address(leaves, value)) return true;
  const std::size_t mark = value.find("://");
  if (mark == std::string::npos) return false;
  const std::string rest = value.substr(mark + 3);  // the scheme may be guessed
  const std::size_t path = std::min(rest.find('/'), rest.size());
  std::string host = rest.substr(0, path);
  if (!holds(leaves, host) && host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);  // an IPv6 address
  }
  return holds(leaves, rest) || (holds(leaves, host) && holds(leaves, rest.substr(path)));
}

TEST_CASE("No observable is invented: each is a leaf or a part of one", "[mapping]") {
  const std::uint64_t first = seed();
  std::cout << "SOCBRIDGE_SEED=" << first << "\n";
  std::size_t found = 0, by_content = 0;
  RandomAlert alerts(first);
  Options options;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = alerts.next();
    options.free_text = i % 2 == 1;
    const auto alert = wazuh::Alert::parse(text);
    REQUIRE(alert.ok());
    std::vector<Explanation> why;
    for (const auto& one : extract_observables(*alert, options, &why).observables) {
      ++found;
      INFO("seed " << first << ", alert " << i << ": " << text);
      INFO(one.data_type << " " << one.data << ", " << one.message);
      REQUIRE(is_in(alerts.leaves(), one.data));
    }
    by_content +=
        static_cast<std::size_t>(std::count_if(why.begin(), why.end(), [](const auto& one) {
          return one.rule.find("found by content") != std::string::npos;
        }));
  }
  // The test sees enough of them.
  CHECK(found > 4000);
  CHECK(by_content > 1000);
}

}  // namespace
}  // namespace socbridge::mapping
