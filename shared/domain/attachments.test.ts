import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test } from 'vitest';
import { attachmentLimits, plainType, refusedByContent, refusedByName } from './attachments.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe('R22 what is not taken, by its name', () => {
  test.each([
    ['账单.pdf', 1, null],
    ['无后缀', 1, null],
    ['archive.tar.gz', attachmentLimits.size, null],
    ['空.txt', 0, 'empty'],
    ['大.iso', attachmentLimits.size + 1, 'too-large'],
    ['setup.exe', 1, 'program'],
    ['setup.EXE', 1, 'program'],
    ['照片.png.exe', 1, 'program'],
    // Windows leaves the points and spaces out.
    ['setup.exe. . ', 1, 'program'],
    ['app.jar', 1, 'program'],
    ['run.bat', 1, 'script'],
    ['a.ps1', 1, 'script'],
    ['宏.vbs', 1, 'script'],
    ['页面.hta', 1, 'script'],
    ['桌面.lnk', 1, 'shortcut'],
    ['网站.url', 1, 'shortcut'],
    ['', 1, 'name'],
    ['   ', 1, 'name'],
    ['../../etc/passwd', 1, 'name'],
    ['a\\b.txt', 1, 'name'],
    ['a\u0000.txt', 1, 'name'],
    ['x'.repeat(201), 1, 'name'],
    // Shown as 照片exe.png.
    ['照片\u202Egnp.exe', 1, 'name'],
  ])('%j of %i bytes: %s', (name, size, expected) => {
    expect(refusedByName(name, size)).toBe(expected);
  });

  test('whatever stands before it, an ending that runs is refused', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), fc.constantFrom('exe', 'BAT', 'Lnk', 'ps1', 'scr'), (start, ending) => {
        expect(refusedByName(`${start}.${ending}`, 1)).not.toBeNull();
      }),
    );
  });
});

describe('R22 what is not taken, by its first bytes', () => {
  test.each([
    ['MZ\x90\0', 'program'],
    ['\x7fELF\x02', 'program'],
    ['\xfe\xed\xfa\xcf', 'program'],
    ['\xcf\xfa\xed\xfe', 'program'],
    ['L\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0', 'shortcut'],
    ['#!/bin/sh\nrm -rf', 'script'],
    ['\xEF\xBB\xBF#!/usr/bin/env python', 'script'],
    ['@echo off\r\ndel', 'script'],
    ['  @ECHO OFF', 'script'],
    ['<?php system(', 'script'],
    ['<script>alert(1)', 'script'],
    ['Windows Registry Editor Version 5.00', 'script'],
    ['[InternetShortcut]\nURL=', 'shortcut'],
    ['[Desktop Entry]\nExec=', 'shortcut'],
    ['PK\x03\x04', null],
    ['%PDF-1.7', null],
    ['MAZE', null],
    ['#工单', null],
    ['', null],
  ])('%j: %s', (head, expected) => {
    expect(refusedByContent(bytes(head), undefined)).toBe(expected);
  });

  test('no bytes make the rule stumble', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5000 }), (head) => void refusedByContent(head, undefined)));
  });
});

test('text is text in whatever encoding, all else is bytes', () => {
  expect(plainType(new Uint8Array([0xc4, 0xe3, 0xba, 0xc3, 0x0a]))).toBe('text/plain');
  expect(plainType(new Uint8Array([0x41, 0x00, 0x42]))).toBe('application/octet-stream');
  expect(plainType(new Uint8Array([0x41, 0x07]))).toBe('application/octet-stream');
});
