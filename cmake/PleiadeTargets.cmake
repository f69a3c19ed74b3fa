# The four kinds of target of this house. Sources are all the .cpp files of the calling folder.
#
#   pleiade_module(base DEPS fmt::fmt)            common/base          -> library pleiade::base
#   pleiade_service(hub DEPS pleiade::bus)        services/hub         -> library pleiade::hub + program pleiade-hub (main.cpp)
#   pleiade_test(base DEPS pleiade::base)         tests/unit/base      -> program test_base, registered in CTest
#   pleiade_program(NAME DEPS ...)                a program alone
option(PLEIADE_PCH "Precompile the heaviest standard headers" ON)

set(pleiade_warnings -Wall -Wextra -Wpedantic -Wshadow=local -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
                     -Werror=return-type)

# Applied to every target of ours. UNSANITIZED: the decoder keeps its memory limit, which a sanitizer's shadow would break.
function(pleiade_options target)
  cmake_parse_arguments(arg "UNSANITIZED" "" "" ${ARGN})
  target_compile_options(${target} PRIVATE ${pleiade_warnings})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -fpch-preprocess)  # lets ccache keep what a precompiled header helped to build
  if(PLEIADE_SANITIZE AND NOT arg_UNSANITIZED)
    target_compile_options(${target} PRIVATE -fsanitize=${PLEIADE_SANITIZE} -fno-sanitize-recover=undefined)
    target_link_options(${target} PUBLIC -fsanitize=${PLEIADE_SANITIZE})
  endif()
endfunction()

# Crash points in these targets, when they are asked for. Private, and no header's layout depends on it: what does not
# hold any is compiled the same in every build.
function(pleiade_crash_points)
  if(PLEIADE_FAULTS)
    foreach(target ${ARGN})
      target_compile_definitions(${target} PRIVATE PLEIADE_FAULTS=1)
    endforeach()
  endif()
endfunction()

# The same for single files of this folder, where a whole large target need not be compiled again for one point.
function(pleiade_crash_points_in)
  if(PLEIADE_FAULTS)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_DEFINITIONS PLEIADE_FAULTS=1)
  endif()
endfunction()

function(pleiade_module name)
  cmake_parse_arguments(arg "" "" "DEPS;PCH" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(pleiade_${name} STATIC ${sources})
  add_library(pleiade::${name} ALIAS pleiade_${name})
  target_link_libraries(pleiade_${name} PUBLIC ${arg_DEPS})
  pleiade_options(pleiade_${name})
  if(PLEIADE_PCH AND arg_PCH)
    target_precompile_headers(pleiade_${name} PRIVATE ${arg_PCH})
  endif()
endfunction()

# UNSANITIZED_PROGRAM: the program is built without sanitizers, from a second copy of its library (pleiade_NAME_plain);
# the library that tests link keeps them. Its DEPS may then name no target of ours that is sanitized.
function(pleiade_service name)
  cmake_parse_arguments(arg "UNSANITIZED_PROGRAM" "PROGRAM" "DEPS;PCH" ${ARGN})
  if(NOT arg_PROGRAM)
    set(arg_PROGRAM pleiade-${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "main\\.cpp$")
  add_library(pleiade_${name} STATIC ${sources})
  add_library(pleiade::${name} ALIAS pleiade_${name})
  target_link_libraries(pleiade_${name} PUBLIC ${arg_DEPS})
  pleiade_options(pleiade_${name})
  if(PLEIADE_PCH AND arg_PCH)
    target_precompile_headers(pleiade_${name} PRIVATE ${arg_PCH})
  endif()
  add_executable(${arg_PROGRAM} main.cpp)
  if(arg_UNSANITIZED_PROGRAM)
    add_library(pleiade_${name}_plain STATIC ${sources})
    target_link_libraries(pleiade_${name}_plain PUBLIC ${arg_DEPS})
    pleiade_options(pleiade_${name}_plain UNSANITIZED)
    target_link_libraries(${arg_PROGRAM} PRIVATE pleiade_${name}_plain)
    pleiade_options(${arg_PROGRAM} UNSANITIZED)
  else()
    target_link_libraries(${arg_PROGRAM} PRIVATE pleiade_${name})
    pleiade_options(${arg_PROGRAM})
  endif()
endfunction()

function(pleiade_program name)
  cmake_parse_arguments(arg "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ${arg_DEPS})
  pleiade_options(${name})
endfunction()

function(pleiade_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "DEPS;LABELS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(test_${name} ${sources})
  # The same flags in every test, for the headers that they share.
  target_link_libraries(test_${name} PRIVATE ${arg_DEPS} fmt::fmt GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_options(test_${name} PRIVATE -pthread)
  pleiade_options(test_${name})
  if(PLEIADE_PCH AND TARGET pleiade_test_headers)
    target_precompile_headers(test_${name} REUSE_FROM pleiade_test_headers)
  endif()
  add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
    ENVIRONMENT "PLEIADE_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};PLEIADE_SOURCE=${PROJECT_SOURCE_DIR};OMP_THREAD_LIMIT=1;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/threads.supp")
endfunction()
