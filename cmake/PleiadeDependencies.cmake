# Every third-party library, found once, under one name each. Which folder may include which header
# is held by tests/tidy; the reasons for each choice stand in docs/adr/.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL 7.87 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 EXACT REQUIRED COMPONENTS json url)
find_package(prometheus-cpp CONFIG REQUIRED COMPONENTS core)
find_package(date CONFIG REQUIRED)
find_package(TIFF REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(ZXing CONFIG REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)

function(pleiade_pkg name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${ARGN})
endfunction()
pleiade_pkg(zmq libzmq)
pleiade_pkg(sqlite3 sqlite3)
pleiade_pkg(pq libpq)
pleiade_pkg(sodium libsodium)
pleiade_pkg(seccomp libseccomp)
pleiade_pkg(tesseract tesseract)
pleiade_pkg(lept lept)
pleiade_pkg(turbojpeg libturbojpeg)
pleiade_pkg(qpdf libqpdf)
pleiade_pkg(re2 re2)
pleiade_pkg(pangocairo pangocairo)
pleiade_pkg(fontconfig fontconfig)
pleiade_pkg(freetype2 freetype2)
pleiade_pkg(tomlplusplus tomlplusplus)

# cjose's package file asks for jansson's, which only those need who read its types.
find_path(cjose_include cjose/cjose.h REQUIRED)
find_library(cjose_library cjose REQUIRED)
add_library(cjose::cjose UNKNOWN IMPORTED)
set_target_properties(cjose::cjose PROPERTIES IMPORTED_LOCATION ${cjose_library} INTERFACE_INCLUDE_DIRECTORIES ${cjose_include})

find_path(liblinear_include linear.h REQUIRED)
find_library(liblinear_library linear REQUIRED)
add_library(liblinear::liblinear UNKNOWN IMPORTED)
set_target_properties(liblinear::liblinear PROPERTIES IMPORTED_LOCATION ${liblinear_library}
  INTERFACE_INCLUDE_DIRECTORIES ${liblinear_include})

# OpenCV's package file comes with libopencv-dev only, which brings 400 packages and imgcodecs; the few modules that
# we use are named one by one instead.
find_path(opencv_include opencv2/core.hpp PATHS /usr/include/opencv4 REQUIRED)
foreach(module core imgproc features2d calib3d flann ml dnn)
  find_library(opencv_${module}_library opencv_${module} REQUIRED)
  add_library(opencv::${module} UNKNOWN IMPORTED)
  set_target_properties(opencv::${module} PROPERTIES IMPORTED_LOCATION ${opencv_${module}_library}
    INTERFACE_INCLUDE_DIRECTORIES ${opencv_include} INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${opencv_include})
endforeach()
