// Letters that text recognition, made for words, puts where a figure stands.
#pragma once

namespace pleiade::reader {

// The figure that such a capital stands for, where figures alone may stand; 0 for any other character.
constexpr char figure_like(char c) {
    switch (c) {
        case 'O':
        case 'Q':
        case 'D':
            return '0';
        case 'I':
        case 'L':
            return '1';
        case 'Z':
            return '2';
        case 'S':
            return '5';
        case 'G':
            return '6';
        case 'B':
            return '8';
        default:
            return 0;
    }
}

}  // namespace pleiade::reader
