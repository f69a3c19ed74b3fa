// Files as scanners write them. An error here is a full disk or a wrong folder: std::runtime_error.
#pragma once

#include <string>
#include <vector>

#include "tests/mail/scanner.h"

namespace pleiade::mail {

void write_tiff(const std::string& path, const std::vector<ScannedPage>& pages);  // one file, G4 when bitonal
void write_jpeg(const std::string& path, const ScannedPage& page);                // bitonal pages become grey
void write_png(const std::string& path, const ScannedPage& page);
void write_pdf(const std::string& path, const std::vector<ScannedPage>& pages);  // images only, G4 or JPEG

}  // namespace pleiade::mail
