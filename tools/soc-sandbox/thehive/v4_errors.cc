// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/v4_errors.h"

#include "json/writer.h"

namespace socbridge::sandbox {
namespace {

std::string list_text(const json::Value& value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i > 0) out += ", ";
    if (value.is_object()) out += std::string(value.key_at(i)) + " -> ";
    out += scala_text(value.value_at(i));
  }
  return out;
}

}  // namespace

std::string scala_text(const json::Value& value) {
  if (const auto text = value.string()) return "FString(" + std::string(*text) + ")";
  if (const auto flag = value.boolean()) return *flag ? "FBoolean(true)" : "FBoolean(false)";
  if (value.is_number()) {
    std::string text = value.dump();
    if (text.find_first_of(".eE") == std::string::npos) text += ".0";
    return "FNumber(" + text + ")";
  }
  if (value.is_array()) return "FSeq(List(" + list_text(value) + "))";
  if (value.is_object()) return "FObject(Map(" + list_text(value) + "))";
  return value.missing() ? "FUndefined" : "FNull";
}

ApiError invalid_format(std::string_view name, const std::string& value_text,
                        std::string_view format, const std::vector<std::string>& accepted) {
  ApiError error = bad_request("");
  error.type = "AttributeCheckingError";
  std::string names;
  json::Writer w;
  w.begin_array();
  w.begin_object();
  w.member("name", name);
  w.member("format", format);
  w.key("acceptedInput");
  w.begin_array();
  for (const std::string& one : accepted) {
    names += (names.empty() ? "" : ",") + one;
    w.value(one);
  }
  w.end_array();
  w.member("field", value_text);
  w.member("type", "InvalidFormatAttributeError");
  w.end_object();
  w.end_array();
  error.message = "[Invalid format for " + std::string(name) + ": " + value_text + ", expected " +
                  std::string(format) + " (" + names + ")]";
  error.more = "\"errors\":" + std::move(w).take();
  return error;
}

}  // namespace socbridge::sandbox
