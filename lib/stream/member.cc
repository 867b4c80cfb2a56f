// SPDX-License-Identifier: Apache-2.0
#include "stream/member.h"

#include "base/text.h"

namespace socbridge::stream {
namespace {

struct WriteValue {
  json::Writer& w;
  void operator()(const std::vector<std::string>& list) const {
    w.begin_array();
    for (const std::string& one : list) w.value(one);
    w.end_array();
  }
  void operator()(const RawJson& json) const { w.raw(json.text); }
  template <typename T>
  void operator()(const T& value) const {
    w.value(value);
  }
};

std::string text_of(const Member::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  json::Writer w;
  std::visit(WriteValue{w}, value);
  return std::move(w).take();
}

}  // namespace

void write_members(json::Writer& w, const Members& members) {
  for (const Member& one : members) {
    w.key(one.name);
    std::visit(WriteValue{w}, one.value);
  }
}

std::string members_text(const Members& members) {
  constexpr std::size_t kMostValue = 300;
  std::string out;
  for (const Member& one : members) {
    out += out.empty() ? ": " : ", ";
    out += one.name;
    out += " " + printable(text_of(one.value), kMostValue);
  }
  return out;
}

}  // namespace socbridge::stream
