// SPDX-License-Identifier: Apache-2.0
// Whether what a search brought is about the value that was asked for.
#include "opencti/value_match.h"

#include <catch2/catch.hpp>

namespace socbridge::opencti {
namespace {

Wanted wanted(const char* type, const char* data) {
  Wanted out;
  out.context.value = value_of(type, data);
  out.lookup = lookup_keys_of(out.context.value);
  return out;
}

Observable named(const char* key, const char* text) {
  Observable out;
  out.id = "1";
  out.names = {{key, text}};
  return out;
}

// An indicator that is called after the value, so that its pattern alone decides.
bool about(const Wanted& of, const std::string& pattern, const char* type = "stix") {
  Indicator one;
  one.name = of.context.value.text;
  one.pattern = pattern;
  one.pattern_type = type;
  return is_about(of, one);
}

constexpr const char* kMd5 = "098f6bcd4621d373cade4e832627b4f6";

}  // namespace

TEST_CASE("an observable is about a value if it is called so at the value's own place") {
  const Wanted domain = wanted("domain", "evil.example");
  CHECK(is_about(domain, named("value", "evil.example")));
  CHECK(is_about(domain, named("value", "EVIL.Example")));
  CHECK_FALSE(is_about(domain, named("name", "evil.example")));
  CHECK_FALSE(is_about(domain, named("value", "evil.example.org")));
  CHECK(is_about(wanted("other", "bob"), named("user_id", "Bob")));
  CHECK(is_about(wanted("filename", R"(C:\a\x.exe)"), named("name", "x.exe")));
}

TEST_CASE("an observable that is a network is about the addresses in it") {
  const Wanted address = wanted("ip", "198.51.100.7");
  CHECK(is_about(address, named("value", "198.51.100.0/24")));
  CHECK_FALSE(is_about(address, named("value", "198.51.101.0/24")));
  CHECK_FALSE(is_about(address, named("value", "0.0.0.0/0")));
}

TEST_CASE("the path of a URL keeps its case, its host does not") {
  const Wanted url = wanted("url", "http://evil.example/A");
  CHECK(is_about(url, named("value", "HTTP://EVIL.example/A")));
  CHECK_FALSE(is_about(url, named("value", "http://evil.example/a")));
}

TEST_CASE("a file is about a hash if it has that digest, whatever it is called") {
  const Wanted hash = wanted("hash", kMd5);
  Observable file = named("name", kMd5);
  CHECK_FALSE(is_about(hash, file));
  file.hashes = {"ffff", kMd5};
  CHECK(is_about(hash, file));
}

TEST_CASE("an indicator is about a value only if its pattern names it") {
  const Wanted domain = wanted("domain", "evil.example");
  CHECK(about(domain, "[domain-name:value = 'evil.example']"));
  CHECK(about(domain, "[hostname:value = 'Evil.Example']"));
  CHECK(about(domain, "[domain-name:value IN ('a.example', 'evil.example')]"));
  for (const char* other :
       {"[domain-name:value != 'evil.example']", "[domain-name:value NOT = 'evil.example']",
        "[domain-name:value = 'a.example']", "[url:value = 'evil.example']",
        "[domain-name:value LIKE 'evil.example']", "[domain-name:value = 'evil.example'", ""}) {
    CAPTURE(other);
    CHECK_FALSE(about(domain, other));
  }
  CHECK_FALSE(about(domain, "[domain-name:value = 'evil.example']", "yara"));
}

TEST_CASE("an indicator that the value's own search does not find is left out") {
  Indicator other;
  other.name = "a feed's name";
  other.pattern = "[domain-name:value = 'evil.example' OR domain-name:value = 'b.example']";
  other.pattern_type = "stix";
  CHECK_FALSE(is_about(wanted("domain", "evil.example"), other));
  other.pattern = "[domain-name:value = 'EVIL.example']";  // the platform folds the case too
  CHECK(is_about(wanted("domain", "evil.example"), other));
}

TEST_CASE("the algorithm of a hash may be spelt in any way in a pattern") {
  const Wanted hash = wanted("hash", kMd5);
  for (const char* name : {"MD5", "'md5'", "'MD-5'"}) {
    CHECK(about(hash, std::string("[file:hashes.") + name + " = '" + kMd5 + "']"));
  }
  CHECK_FALSE(about(hash, std::string("[file:name = '") + kMd5 + "']"));
}

TEST_CASE("a thing is added once, and never without an id") {
  std::vector<Observable> list;
  Observable one = named("value", "a");
  add_new(list, one);
  add_new(list, one);
  one.id = "2";
  add_new(list, one);
  one.id.clear();
  add_new(list, one);
  CHECK(list.size() == 2);
}

TEST_CASE("a value is long above what filters see") {
  Wanted one;
  one.context.value.text = std::string(kLongestFiltered, 'a');
  CHECK_FALSE(one.is_long());
  one.context.value.text += 'a';
  CHECK(one.is_long());
}

}  // namespace socbridge::opencti
