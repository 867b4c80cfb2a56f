// SPDX-License-Identifier: Apache-2.0
#include "service/prometheus_text.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"

namespace socbridge {
namespace {

// One byte that is not UTF-8 makes Prometheus drop the complete file.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : printable(value)) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

const char* type_name(PrometheusText::Type type) {
  switch (type) {
    case PrometheusText::Type::counter: return "counter";
    case PrometheusText::Type::gauge: return "gauge";
    case PrometheusText::Type::histogram: return "histogram";
  }
  return "untyped";
}

}  // namespace

void PrometheusText::family(std::string_view name, Type type, std::string_view help) {
  family_ = prefix_ + std::string(name);
  written_.clear();
  families_.push_back({family_, type_name(type), std::string(help), {}});
  constexpr std::string_view kTotal = "_total";
  std::string_view shown = family_;
  if (style_ == Style::openmetrics && type == Type::counter && shown.ends_with(kTotal)) {
    shown.remove_suffix(kTotal.size());
  }
  text_.append("# HELP ").append(shown).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(shown).append(" ").append(type_name(type)).append("\n");
}

void PrometheusText::finish() {
  if (style_ == Style::openmetrics) text_ += "# EOF\n";
}

void PrometheusText::family(std::string_view name, Type type, std::string_view help,
                            std::uint64_t value) {
  family(name, type, help);
  sample(value);
}

void PrometheusText::family(
    std::string_view name, Type type, std::string_view help, std::string_view label,
    std::initializer_list<std::pair<std::string_view, std::uint64_t>> samples) {
  family(name, type, help);
  for (const auto& [which, value] : samples) sample(value, {{label, which}});
}

bool PrometheusText::series(Labels labels, std::string_view suffix) {
  std::string line = family_;
  line.append(suffix);
  char before = '{';
  for (const auto& [name, value] : labels) {
    auto& known = families_.back().labels;
    if (std::find(known.begin(), known.end(), name) == known.end()) known.emplace_back(name);
    line.append(1, before).append(name).append("=\"").append(escaped(value)).append("\"");
    before = ',';
  }
  line += before == ',' ? "} " : " ";
  const bool is_new = written_.insert(line).second;
  if (is_new) text_ += line;
  return is_new;
}

void PrometheusText::sample(std::uint64_t value, Labels labels, std::string_view suffix) {
  if (series(labels, suffix)) text_.append(std::to_string(value)).append("\n");
}

void PrometheusText::seconds(std::int64_t ms, Labels labels, std::string_view suffix) {
  if (series(labels, suffix)) text_.append(seconds_text(ms)).append("\n");
}

}  // namespace socbridge
