// Builds invented documents for FakeDesk: people, numbers and addresses exist nowhere; the NIR passes its key.
#pragma once

#include <string>
#include <vector>

#include "common/wire/messages.h"

namespace pleiade::gateway::fake {

class DocumentBuilder {
  public:
    // `pli` is a small number, made into a pli id; `document` counts from 1 in its pli.
    DocumentBuilder(int pli, int document, const std::string& type);

    DocumentBuilder& pages(const std::vector<int>& numbers);
    DocumentBuilder& to(const std::string& caisse, const std::string& service, const std::string& priority,
                        const std::vector<int>& visible);
    DocumentBuilder& copy(const std::string& caisse, const std::string& service, const std::vector<int>& visible);
    DocumentBuilder& field(const std::string& name, const std::string& value, double confidence,
                           const std::string& status, int page, int x, int y, int width, int height);
    DocumentBuilder& reason(const std::string& text, int page, int x, int y, int width, int height);
    DocumentBuilder& state(const std::string& state);
    DocumentBuilder& confidence(double value);
    DocumentBuilder& due(const std::string& due, const std::string& legal_due = "");
    // The scan lies so that it must be turned `degrees` clockwise; boxes given before, upright, follow.
    DocumentBuilder& rotation(int page, int degrees);
    DocumentBuilder& medical(bool medical);
    DocumentBuilder& keying(const std::vector<std::string>& to_key);
    DocumentBuilder& waiting_seconds(int seconds);

    v1::DocumentView build() const { return view_; }

  private:
    v1::DocumentView view_;
};

// A box of a width by height page, after turning the page clockwise.
v1::Box turned(const v1::Box& box, int degrees, int width, int height);
std::string pli_id(int pli);
std::string document_id(int pli, int document);

}  // namespace pleiade::gateway::fake
