// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace socbridge {

// Prometheus text exposition format, version 0.0.4, as the node exporter's textfile collector reads
// it, or OpenMetrics 1.0.0, which differs in the names of counter families and has an end marker.
// Each family is written once, followed by its samples. A sample whose labels already occurred in
// the family is dropped, because readers refuse the complete text for a duplicate. Not thread-safe.
class PrometheusText {
 public:
  enum class Type { counter, gauge, histogram };
  enum class Style { prometheus, openmetrics };
  // What was written, for documentation: labels in the order of their first use.
  struct Family {
    std::string name, type, help;
    std::vector<std::string> labels;
  };
  // Values are made printable, cut to 200 characters and escaped. Names are not: each must be
  // [a-z_]+.
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // `prefix` precedes the name of each family, e.g. "socbridge_queue_".
  explicit PrometheusText(std::string_view prefix, Style style = Style::prometheus)
      : style_(style), prefix_(prefix) {}
  void prefix(std::string_view text) { prefix_ = text; }  // for the families that follow

  // `help`: one line without backslashes.
  void family(std::string_view name, Type type, std::string_view help);
  // With a single sample without labels.
  void family(std::string_view name, Type type, std::string_view help, std::uint64_t value);
  // With a single label and a sample for each of its values.
  void family(std::string_view name, Type type, std::string_view help, std::string_view label,
              std::initializer_list<std::pair<std::string_view, std::uint64_t>> samples);
  // Samples of the last family. `suffix`: "_bucket", "_sum" and "_count" of a histogram.
  void sample(std::uint64_t value, Labels labels = {}, std::string_view suffix = {});
  // Milliseconds, written as seconds (seconds_text()).
  void seconds(std::int64_t ms, Labels labels = {}, std::string_view suffix = {});
  // A ratio in thousandths: 250 is written as 0.250.
  void thousandths(std::int64_t value, Labels labels = {}) { seconds(value, labels); }

  // Ends the text. Nothing may follow.
  void finish();

  const std::string& text() const { return text_; }
  const std::vector<Family>& families() const { return families_; }

 private:
  // False: this series was already written.
  bool series(Labels labels, std::string_view suffix);

  Style style_;
  std::string prefix_, family_, text_;
  std::vector<Family> families_;
  std::unordered_set<std::string> written_;  // series of the last family
};

}  // namespace socbridge
