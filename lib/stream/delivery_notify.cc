// SPDX-License-Identifier: Apache-2.0
// Writes a match to the alert or case of one observable.
#include <algorithm>

#include "json/writer.h"
#include "stream/delivery.h"
#include "thehive/annotations.h"
#include "thehive/json_fields.h"

namespace socbridge::stream {
namespace {

// The visible part of our comment: all but its last line.
std::string_view without_mark(std::string_view comment) {
  return comment.substr(0, comment.rfind('\n'));
}

// The pairs that identify its comments: the current one, and those of its STIX ids.
std::vector<std::string> pairs_of(const StreamMatch& match, const std::string& observable) {
  std::vector<std::string> out;
  for (const std::string& thing : {match.opencti_id, match.indicator, match.former}) {
    if (!thing.empty()) out.push_back(pair_of(observable, thing));
  }
  return out;
}

}  // namespace

// Writes the techniques that the match itself names.
Status StreamDelivery::put_techniques(const StreamMatch& match, const Place& place,
                                      const Deadline& deadline) {
  if (!match.active() || match.techniques.empty()) return {};
  std::vector<thehive::Procedure> procedures;
  for (const std::string& technique : match.techniques) {
    procedures.push_back({technique, wall_now_ms(), {}, "From OpenCTI: " + match.indicator});
  }
  const auto put = thehive::put_procedures(client_, place.subject, procedures, deadline);
  if (!put.ok() && put.status().code() != ExitCode::refused) return put.status();
  return {};
}

// TheHive 4 has no comments: there the tags carry the state, and a present tag means reported.
// Returns the result.
Result<std::string_view> StreamDelivery::notify_by_tags(const StreamMatch& match,
                                                        const Seen& observable, const Place& place,
                                                        const Deadline& deadline) {
  const auto subject = thehive::Subject::observable(observable.id);
  const auto have = thehive::list_tags(client_, subject, deadline);
  if (!have.ok()) return have.status();
  const auto there = [&](const std::string& tag) {
    return std::find(have->begin(), have->end(), tag) != have->end();
  };
  const bool never = !there("opencti");
  if (never && !match.active()) return std::string_view("known");
  const bool shown = may_show(options_.markings, match.markings, place.limits);
  if (!shown && never) return std::string_view("withheld");
  thehive::TagChange wanted{observable_tags(match), stale_tags(match)};
  if (!shown && match.active()) wanted = {{}, wanted.add};  // its marking was raised
  const bool changed = !std::all_of(wanted.add.begin(), wanted.add.end(), there) ||
                       std::any_of(wanted.remove.begin(), wanted.remove.end(), there);
  if (options_.dry_run) return std::string_view(changed ? "would change" : "known");
  std::size_t changes = changed ? 1 : 0;
  if (match.active() && shown) {
    const auto tagged = thehive::add_tags(client_, place.subject, {"opencti"}, deadline);
    if (!tagged.ok()) return tagged.status();
    changes += tagged->size();
    if (const Status s = put_techniques(match, place, deadline); !s.ok()) return s;
  }
  const auto tagged = thehive::change_tags(client_, subject, wanted, deadline);
  if (!tagged.ok()) return tagged.status();
  return std::string_view(changes > 0 ? "changed" : "known");
}

Result<StreamDelivery::Comments*> StreamDelivery::said_of(const thehive::Subject& subject,
                                                          const Deadline& deadline) {
  const std::string key = subject.path();
  if (const auto known = said_.find(key); known != said_.end()) return &known->second;
  const auto comments = thehive::list_comments(client_, subject, deadline);
  if (!comments.ok()) return comments.status();
  Comments said;
  for (const thehive::Comment& comment : *comments) {
    if (const auto mark = mark_of(comment.message)) {
      said[mark->pair].push_back({*mark, comment.id, comment.message});
    }
  }
  for (auto& [pair, list] : said) {
    std::stable_sort(list.begin(), list.end(),
                     [](const Said& a, const Said& b) { return a.mark.event < b.mark.event; });
  }
  return &(said_[key] = std::move(said));
}

// Marks older comments as outdated. Removes content that may no longer be shown.
Status StreamDelivery::retire(const std::vector<Said>& comments, const StreamMatch& match,
                              const Seen& observable, bool shown, const Deadline& deadline) {
  for (const Said& one : comments) {
    if (one.comment_id.empty()) continue;
    const std::string text =
        shown ? superseded(one.message) : comment_text(match, observable.data, one.mark, {});
    if (text == one.message) continue;
    const Status edited = thehive::edit_comment(client_, one.comment_id, text, deadline);
    if (!edited.ok()) return edited;
  }
  return {};
}

// Adds the comment, or replaces the newest one.
Status StreamDelivery::put_comment(const thehive::Subject& subject, std::vector<Said>& comments,
                                   Said said, bool edit, const Deadline& deadline) {
  if (edit) {
    said.comment_id = comments.back().comment_id;
    const Status done = thehive::edit_comment(client_, said.comment_id, said.message, deadline);
    if (done.ok()) comments.back() = std::move(said);
    return done;
  }
  // After an ambiguous outcome, the comments are read again before the next try.
  const auto added =
      client_.send("adding a comment to " + subject.text(), "POST", subject.path("comment"),
                   "{\"message\":" + json::quote(said.message) + "}", deadline);
  if (!added.ok()) return added.status();
  said.comment_id = added->root()["_id"].text();
  comments.push_back(std::move(said));
  return {};
}

Result<std::string_view> StreamDelivery::notify_by_comment(const StreamMatch& given,
                                                           const Seen& observable,
                                                           const Place& place,
                                                           const Deadline& deadline) {
  const auto said = said_of(place.subject, deadline);
  if (!said.ok()) return said.status();
  const std::vector<std::string> pairs = pairs_of(given, observable.id);
  const auto known = std::find_if(pairs.begin(), pairs.end(), [&](const std::string& pair) {
    const auto found = (*said)->find(pair);
    return found != (*said)->end() && !found->second.empty();
  });
  const bool never = known == pairs.end();
  if (never && !given.active()) return std::string_view("known");
  const bool shown = may_show(options_.markings, given.markings, place.limits);
  if (never && !shown) return std::string_view("withheld");
  std::vector<Said>& comments = (**said)[never ? pairs.front() : *known];
  if (!never && given.event <= comments.back().mark.event) return std::string_view("known");

  const StreamMatch match = shown ? given : without_content(given);
  const Mark mark{never ? pairs.front() : *known, match.state, match.event};
  const std::string text = comment_text(match, observable.data, mark, options_.dashboard);
  // A comment whose content must be removed is replaced, whatever its state.
  const bool edit = !never && !comments.back().comment_id.empty() &&
                    (comments.back().mark.state == match.state || !shown);
  if (edit && without_mark(comments.back().message) == without_mark(text)) {
    return std::string_view("known");
  }
  if (options_.dry_run) return std::string_view(edit ? "would change" : "would add");
  // A match that may no longer be shown loses its tags.
  thehive::TagChange tags{observable_tags(match), stale_tags(match)};
  if (!shown) {
    for (std::string& tag : observable_tags(given)) tags.remove.push_back(std::move(tag));
    tags.add.clear();
  }
  const auto tagged =
      thehive::change_tags(client_, thehive::Subject::observable(observable.id), tags, deadline);
  if (!tagged.ok()) return tagged.status();
  if (const Status s = put_techniques(match, place, deadline); !s.ok()) return s;
  const std::vector<Said> before(comments.begin(), edit ? comments.end() - 1 : comments.end());
  if (const Status s = retire(before, match, observable, shown, deadline); !s.ok()) return s;
  const Status put = put_comment(place.subject, comments, {mark, {}, text}, edit, deadline);
  if (!put.ok()) return put;
  return std::string_view(edit ? "changed" : "added");
}

Status StreamDelivery::notify(const StreamMatch& match, const Seen& observable, const Place& place,
                              const Notified& notified, const Deadline& deadline) {
  const auto version = client_.version(deadline);
  if (!version.ok()) return version.status();
  const auto what = version->api == thehive::ApiVersion::v4
                        ? notify_by_tags(match, observable, place, deadline)
                        : notify_by_comment(match, observable, place, deadline);
  if (!what.ok()) return what.status();
  if (*what == "added") ++counts_.commented;
  if (*what == "changed") ++counts_.changed;
  if (*what == "known") ++counts_.known;
  if (*what == "withheld") ++counts_.withheld;
  if (notified) notified(match, observable.data, place.subject, *what);
  return {};
}

}  // namespace socbridge::stream
