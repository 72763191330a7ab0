import { describe, expect, it } from 'vitest';
import { previewBytes, readable, readableHeaders } from './bytes-preview.ts';

describe('the preview of bytes', () => {
  it('is the text, when it is text', () => {
    expect(previewBytes(Buffer.from('{"a":"ü"}'))).toEqual({
      encoding: 'text',
      text: '{"a":"ü"}',
      bytes: 10,
      truncated: false,
    });
  });

  it('is hexadecimal for anything else, control characters included', () => {
    expect(previewBytes(Buffer.from([0, 0, 0, 39, 15])).text).toBe('00 00 00 27 0f');
    expect(previewBytes(Buffer.from([0xc3, 0x28])).encoding).toBe('hex');
  });

  it('stops after 512 bytes, without breaking a character in two', () => {
    const preview = previewBytes(Buffer.from(`a${'ü'.repeat(600)}`));
    expect(preview).toMatchObject({ encoding: 'text', bytes: 1201, truncated: true });
    expect(preview.text).toBe(`a${'ü'.repeat(255)}`);
  });
});

describe('keys and headers', () => {
  it('are text where they are text', () => {
    expect(readable(Buffer.from('Store_1'))).toBe('Store_1');
    expect(readable(Buffer.from([0xff, 1]))).toBe('0xff01');
  });

  it('join several values of one header', () => {
    expect(readableHeaders({ a: [Buffer.from('1'), Buffer.from('2')], b: Buffer.from('3') })).toEqual({
      a: '1, 2',
      b: '3',
    });
  });
});
