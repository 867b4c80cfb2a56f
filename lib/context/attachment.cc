// SPDX-License-Identifier: Apache-2.0
#include "context/attachment.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "thehive/annotations.h"

namespace socbridge::context {
namespace {

constexpr const char* kCategory = "OpenCTI";

// The marker is in the last line as code: visible, but unobtrusive.
std::string note_text(const Attachment& attachment) {
  return std::string(trim(attachment.text)) + "\n\n`" + attachment.marker + "`";
}

thehive::Page page_of(const Attachment& attachment) {
  return {{}, attachment.title, kCategory, note_text(attachment)};
}

Result<thehive::Written> compare_comment(thehive::Client& client, const thehive::Subject& subject,
                                         const Attachment& attachment, const Deadline& deadline) {
  const auto all = thehive::list_comments(client, subject, deadline);
  if (!all.ok()) return all.status();
  for (const thehive::Comment& one : *all) {
    if (one.message.find(attachment.marker) == std::string::npos) continue;
    return one.message == note_text(attachment) ? thehive::Written::unchanged
                                                : thehive::Written::changed;
  }
  return thehive::Written::created;
}

Result<thehive::Written> compare_page(thehive::Client& client, const thehive::Subject& subject,
                                      const Attachment& attachment, const Deadline& deadline) {
  const auto all = thehive::list_pages(client, subject, deadline);
  if (!all.ok()) return all.status();
  for (const thehive::Page& one : *all) {
    if (one.title != attachment.title || one.category != kCategory) continue;
    return one.content == note_text(attachment) ? thehive::Written::unchanged
                                                : thehive::Written::changed;
  }
  return thehive::Written::created;
}

std::string result_of(thehive::Written written, bool dry_run) {
  if (!dry_run || written == thehive::Written::unchanged) return thehive::written_name(written);
  return written == thehive::Written::created ? "would create" : "would change";
}

class Writer {
 public:
  Writer(thehive::Client& client, const thehive::Subject& subject, bool dry_run,
         const Deadline& deadline)
      : client_(client), subject_(subject), dry_run_(dry_run), deadline_(deadline) {}

  std::vector<Step> steps;

  Status note(const Attachment& attachment, NoteForm form) {
    const bool page = form == NoteForm::page;
    const auto written =
        page ? (dry_run_ ? compare_page(client_, subject_, attachment, deadline_)
                         : thehive::put_page(client_, subject_, page_of(attachment), deadline_))
             : (dry_run_ ? compare_comment(client_, subject_, attachment, deadline_)
                         : thehive::put_comment(client_, subject_, attachment.marker,
                                                note_text(attachment), deadline_));
    if (!written.ok()) return written.status();
    steps.push_back(
        {page ? "page" : "comment", subject_.text(), result_of(*written, dry_run_), {}});
    return {};
  }

  Status tags(const char* what, const std::string& name, const thehive::Subject& of,
              const std::vector<std::string>& wanted) {
    if (wanted.empty()) return {};
    std::vector<std::string> added;
    if (dry_run_) {
      const auto have = thehive::list_tags(client_, of, deadline_);
      if (!have.ok()) return have.status();
      for (const std::string& tag : wanted) {
        if (std::find(have->begin(), have->end(), tag) == have->end()) added.push_back(tag);
      }
    } else {
      auto written = thehive::add_tags(client_, of, wanted, deadline_);
      if (!written.ok()) return written.status();
      added = std::move(*written);
    }
    const auto written = added.empty() ? thehive::Written::unchanged : thehive::Written::created;
    steps.push_back({what, name, result_of(written, dry_run_), joined(added)});
    return {};
  }

  Status procedures(const std::vector<thehive::Procedure>& wanted) {
    if (wanted.empty()) return {};
    if (dry_run_) return plan_procedures(wanted);
    const auto written = thehive::put_procedures(client_, subject_, wanted, deadline_);
    if (!written.ok()) return written.status();
    for (const auto& [technique, reason] : written->refused) {
      steps.push_back({"procedures", subject_.text(), "refused", technique + ": " + reason});
    }
    const bool some = written->added > 0;
    steps.push_back({"procedures", subject_.text(), some ? "created" : "unchanged",
                     some ? std::to_string(written->added) + " added" : std::string()});
    return {};
  }

 private:
  Status plan_procedures(const std::vector<thehive::Procedure>& wanted) {
    const auto have = thehive::list_procedures(client_, subject_, deadline_);
    if (!have.ok()) return have.status();
    std::vector<std::string> added;
    for (const thehive::Procedure& one : wanted) {
      const bool there = std::any_of(have->begin(), have->end(), [&](const auto& other) {
        return other.pattern_id == one.pattern_id &&
               (one.tactic.empty() || other.tactic.empty() || other.tactic == one.tactic);
      });
      if (!there) added.push_back(one.pattern_id);
    }
    const auto written = added.empty() ? thehive::Written::unchanged : thehive::Written::created;
    steps.push_back({"procedures", subject_.text(), result_of(written, true), joined(added)});
    return {};
  }

  thehive::Client& client_;
  const thehive::Subject& subject_;
  bool dry_run_;
  const Deadline& deadline_;
};

}  // namespace

Result<std::vector<Step>> attach(thehive::Client& client, const thehive::Subject& subject,
                                 const Attachment& attachment, const AttachOptions& options,
                                 const Deadline& deadline) {
  if (options.form == NoteForm::page && subject.kind != thehive::Subject::Kind::of_case) {
    return Status::error(ExitCode::usage, "only cases have pages", "write a comment instead");
  }
  Writer writer(client, subject, options.dry_run, deadline);
  if (!attachment.text.empty()) {
    if (const Status done = writer.note(attachment, options.form); !done.ok()) return done;
  }
  if (const Status done = writer.tags("tags", subject.text(), subject, attachment.tags);
      !done.ok()) {
    return done;
  }
  for (const Attachment::ObservableTags& one : attachment.observable_tags) {
    const Status done =
        writer.tags("observable tags", one.name, thehive::Subject::observable(one.id), one.tags);
    if (!done.ok()) return done;
  }
  if (const Status done = writer.procedures(attachment.procedures); !done.ok()) return done;
  return std::move(writer.steps);
}

}  // namespace socbridge::context
