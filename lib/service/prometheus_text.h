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

// Text exposition format of Prometheus, version 0.0.4, as the textfile collector of the node
// exporter reads it, or OpenMetrics 1.0.0, which differs in the names of counters' families and has
// an end. Each family once, its samples behind it. A sample whose labels were there before in its
// family is left out: readers refuse a whole text for it. For one thread.
class PrometheusText {
 public:
  enum class Type { counter, gauge, histogram };
  enum class Style { prometheus, openmetrics };
  // What was written, for documents: labels in the order in which they first appeared.
  struct Family {
    std::string name, type, help;
    std::vector<std::string> labels;
  };
  // Values are made printable, cut to 200 characters and escaped; names are not: [a-z_]+ each.
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // `prefix` is put before the name of each family, such as "socbridge_queue_".
  explicit PrometheusText(std::string_view prefix, Style style = Style::prometheus)
      : style_(style), prefix_(prefix) {}
  void prefix(std::string_view text) { prefix_ = text; }  // of the families that follow

  // `help`: one line without backslashes.
  void family(std::string_view name, Type type, std::string_view help);
  // With its only sample.
  void family(std::string_view name, Type type, std::string_view help, std::uint64_t value);
  // With a sample for each value of its only label.
  void family(std::string_view name, Type type, std::string_view help, std::string_view label,
              std::initializer_list<std::pair<std::string_view, std::uint64_t>> samples);
  // Samples of the last family. `suffix`: "_bucket", "_sum" and "_count" of a histogram.
  void sample(std::uint64_t value, Labels labels = {}, std::string_view suffix = {});
  // Milliseconds, written as seconds (seconds_text()).
  void seconds(std::int64_t ms, Labels labels = {}, std::string_view suffix = {});
  // A ratio: 250 is written as 0.250.
  void thousandths(std::int64_t value, Labels labels = {}) { seconds(value, labels); }

  // The end of the text. Nothing may follow.
  void finish();

  const std::string& text() const { return text_; }
  const std::vector<Family>& families() const { return families_; }

 private:
  // False: it was there before.
  bool series(Labels labels, std::string_view suffix);

  Style style_;
  std::string prefix_, family_, text_;
  std::vector<Family> families_;
  std::unordered_set<std::string> written_;  // series of the last family
};

}  // namespace socbridge
