#include "mapping/observables.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "mapping/observable_table.h"
#include "mapping/typed_value.h"
#include "mapping/win_eventdata.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

using observable::parse_ip;
using observable::parse_url;

constexpr std::size_t kMaxPaths = 5;           // named in a message; more are counted
constexpr std::size_t kMaxCandidates = 20000;  // of one alert; more is an attack on us

class Collector {
 public:
  Collector(const Options& options, std::vector<Explanation>* explanations)
      : options_(options), explanations_(explanations) {}

  void row(json::Value branch, std::string_view root, const Row& row) {
    if (row.shape == Shape::context && !options_.agent_observables) return;
    const Origin origin{root, row.path, nullptr};
    walk(branch, row.path, [&](std::string_view text) { shaped(row, origin, text); });
  }

  void configured(json::Value root, const Source& source) {
    const Origin origin{"", source.path, &source};
    walk(root, source.path,
         [&](std::string_view text) { add(origin, classify(source.data_type, text)); });
  }

  // The parts of one request belong together: scheme is a guess, so it is said in a tag.
  void http_request(json::Value http) {
    const auto host = http["hostname"].string();
    const auto path = http["url"].string();
    if (!host || !path || !path->starts_with('/') || *path == "/") return;
    if (auto url = parse_url("http://" + std::string(*host) + std::string(*path))) {
      TypedValue c;
      c.type = "url";
      c.value = std::move(*url);
      const Origin origin{"data.http", "hostname+url", nullptr};
      add(origin, std::move(c), "scheme:guessed");
    }
  }

  Extracted take() {
    Extracted out;
    out.left_out = left_out_;
    out.observables = std::move(list_);
    for (std::size_t i = 0; i < out.observables.size(); ++i) {
      if (more_paths_[i] > 0)
        out.observables[i].message += " and " + std::to_string(more_paths_[i]) + " more";
    }
    return out;
  }

 private:
  struct Origin {
    std::string_view root, path;
    const Source* source;
    std::string text() const {
      return (root.empty() ? "" : std::string(root) + ".") + std::string(path);
    }
  };

  // Calls `use` for every scalar at the path; arrays on the way are entered (AWS: object or array).
  template <typename Use>
  void walk(json::Value at, std::string_view path, const Use& use, int depth = 0) {
    constexpr int kDeepest = 8;
    if (seen_ >= kMaxCandidates || depth > kDeepest) return;
    if (at.is_array()) {
      for (std::size_t i = 0; i < at.size(); ++i) walk(at.at(i), path, use, depth + 1);
      return;
    }
    if (path.empty()) {
      ++seen_;
      if (const auto text = at.string()) {
        use(*text);
      } else if (const auto number = at.scalar_text(); number && at.is_number()) {
        use(*number);
      }
      return;
    }
    if (const json::Value whole = at[path]) {
      walk(whole, {}, use, depth + 1);
      return;
    }
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return;
    if (const json::Value next = at[path.substr(0, dot)]) {
      walk(next, path.substr(dot + 1), use, depth + 1);
    }
  }

  void shaped(const Row& row, const Origin& origin, std::string_view text) {
    switch (row.shape) {
      case Shape::plain:
      case Shape::context: add(origin, classify(row.type, text)); break;
      case Shape::list:
        for (const std::string_view part : parts(text, ',')) add(origin, classify(row.type, part));
        break;
      case Shape::eventdata: add(origin, classify(row.type, unescape_eventdata(text))); break;
      case Shape::hashes:
        for (const std::string_view part : parts(text, ',')) {
          if (!istarts_with(trim(part), "IMPHASH=")) add(origin, classify("hash", part));
        }
        break;
      case Shape::results: query_results(origin, text); break;
    }
  }

  // Each part counts as a candidate.
  std::vector<std::string_view> parts(std::string_view text, char separator) {
    std::vector<std::string_view> all = split(text, separator);
    all.resize(std::min(all.size(), kMaxCandidates - std::min(seen_, kMaxCandidates)));
    seen_ += all.size();
    return all;
  }

  // `type:  5 name.example;::ffff:192.0.2.1;`
  void query_results(const Origin& origin, std::string_view text) {
    for (std::string_view part : parts(text, ';')) {
      part = trim(part);
      if (istarts_with(part, "type:")) {
        part = trim(part.substr(5));
        const std::size_t blank = part.find(' ');
        if (blank == std::string_view::npos) continue;
        part = trim(part.substr(blank));
      }
      if (part.empty()) continue;
      if (parse_ip(part)) {
        add(origin, classify("ip", part));
      } else {
        add(origin, classify("domain", part));
      }
    }
  }

  bool ignored(const std::string& value) const {
    return std::any_of(options_.ignore_values.begin(), options_.ignore_values.end(),
                       [&](const std::string& one) { return iequals(one, value); });
  }

  void explain(const std::string& field, const std::string& value, const std::string& rule) {
    if (explanations_ != nullptr) explanations_->push_back({field, value, rule});
  }

  void add(const Origin& origin, TypedValue c, const char* tag = nullptr) {
    const bool loud = explanations_ != nullptr;
    if (c.type.empty()) {
      if (loud && c.dropped != "a placeholder") {
        explain("observables", "", origin.text() + " dropped: " + c.dropped);
      }
      return;
    }
    if (ignored(c.value)) {
      if (loud) explain("observables", c.value, origin.text() + " dropped: in ignore_values");
      return;
    }
    if (c.private_address && options_.private_addresses == PrivateAddresses::drop) {
      if (loud) explain("observables", c.value, origin.text() + " dropped: private address");
      return;
    }
    thehive::Observable o;
    o.data_type = c.type;
    o.data = truncate_utf16(c.value, thehive::limits::kData);
    if (c.private_address && options_.private_addresses == PrivateAddresses::tag) {
      o.tags.emplace_back("private");
    }
    if (tag != nullptr) o.tags.emplace_back(tag);
    if (const auto other = options_.data_types.find(o.data_type);
        other != options_.data_types.end() && other->second != o.data_type) {
      o.tags.push_back("type:" + o.data_type);
      o.data_type = other->second;
    }
    if (origin.source != nullptr) {
      o.ioc = origin.source->ioc;
      for (const std::string& one : origin.source->tags) o.tags.push_back(one);
    }
    merge(std::move(o), origin.text());
  }

  void merge(thehive::Observable o, const std::string& path) {
    const std::string key = o.data_type + "\n" + o.data;
    const auto known = index_.find(key);
    if (known != index_.end()) {
      thehive::Observable& old = list_[known->second];
      for (std::string& tag : o.tags) {
        if (std::find(old.tags.begin(), old.tags.end(), tag) == old.tags.end()) {
          old.tags.push_back(std::move(tag));
        }
      }
      old.ioc = old.ioc || o.ioc;
      if (old.message.find(path) == std::string::npos) {
        if (++paths_[known->second] <= kMaxPaths) {
          old.message += ", " + path;
        } else {
          ++more_paths_[known->second];
        }
      }
      return;
    }
    if (list_.size() >= static_cast<std::size_t>(options_.max_observables)) {
      ++left_out_;
      return;
    }
    o.message = "From " + path;
    o.tlp = options_.tlp;
    o.pap = options_.pap;
    if (explanations_ != nullptr) {
      explain("observables[" + std::to_string(list_.size()) + "]", o.data,
              path + " is " + o.data_type);
    }
    index_.emplace(key, list_.size());
    list_.push_back(std::move(o));
    paths_.push_back(1);
    more_paths_.push_back(0);
  }

  const Options& options_;
  std::vector<Explanation>* explanations_;
  std::vector<thehive::Observable> list_;
  std::vector<std::size_t> paths_, more_paths_;
  std::unordered_map<std::string, std::size_t> index_;
  std::size_t left_out_ = 0;
  std::size_t seen_ = 0;
};

bool switched_off(const Options& options, std::string_view root, std::string_view path) {
  if (options.ignore_paths.empty()) return false;
  const std::string whole = (root.empty() ? "" : std::string(root) + ".") + std::string(path);
  return std::find(options.ignore_paths.begin(), options.ignore_paths.end(), whole) !=
         options.ignore_paths.end();
}

std::uint64_t bit_of(char c) { return std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U); }

// Which characters the object's names begin with, folded into 64 bits. Most rows of the table are
// about names that an alert does not have: this tells without a look at each name.
std::uint64_t first_characters(json::Value branch) {
  if (!branch.is_object()) return ~std::uint64_t{0};  // an array's elements are not looked into
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < branch.size(); ++i) {
    const std::string_view name = branch.key_at(i);
    if (!name.empty()) all |= bit_of(name.front());
  }
  return all;
}

}  // namespace

Extracted extract_observables(const wazuh::Alert& alert, const Options& options,
                              std::vector<Explanation>* explanations) {
  Collector collector(options, explanations);
  const json::Value root = alert.root();
  for (const Source& source : options.extra_sources) collector.configured(root, source);
  for (const Branch& branch : observable_table()) {
    if (branch.root.empty() && !alert.is_v5) continue;
    const json::Value value = branch.root.empty() ? root : root.path(branch.root);
    if (!value.is_object() && !value.is_array()) continue;
    const std::uint64_t there = first_characters(value);
    for (const Row& row : branch.rows) {
      if ((there & bit_of(row.path.front())) == 0) continue;
      if (!switched_off(options, branch.root, row.path)) collector.row(value, branch.root, row);
    }
  }
  collector.http_request(root.path("data.http"));
  return collector.take();
}

}  // namespace socbridge::mapping
