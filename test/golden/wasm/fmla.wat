;; fmla v0.4s, v1.4s, v2.4s
;; fmla v4.2d, v3.2d, v2.2d

func f0 (locals 4 i32, 16 v128)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  v128.load offset=0x200
  local.set 8
  i32.const 0
  v128.load offset=0x210
  local.set 4
  i32.const 0
  v128.load offset=0x220
  local.set 6
  i32.const 0
  v128.load offset=0x230
  local.set 15
  i32.const 0
  v128.load offset=0x240
  local.set 16
  block
    block
      local.get 0
      i32.const 3
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923456
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 3
      i32.sub
      local.set 0
      block
        block
          local.get 4
          local.set 5
          local.get 6
          local.set 7
          local.get 8
          local.set 9
          local.get 5
          f64x2.promote_low_f32x4
          local.get 7
          f64x2.promote_low_f32x4
          f64x2.mul
          local.set 11
          local.get 9
          f64x2.promote_low_f32x4
          local.set 12
          local.get 11
          local.get 12
          f64x2.add
          local.tee 13
          local.get 11
          f64x2.sub
          local.set 14
          local.get 11
          local.get 13
          local.get 14
          f64x2.sub
          f64x2.sub
          local.get 12
          local.get 14
          f64x2.sub
          f64x2.add
          local.set 14
          local.get 13
          local.get 13
          local.get 14
          v128.xor
          v128.const 0x00000000000000000000000000000000
          i64x2.lt_s
          local.get 14
          f64x2.abs
          v128.const 0x00000000000000000000000000000000
          f64x2.gt
          v128.and
          i64x2.add
          local.get 14
          f64x2.abs
          v128.const 0x00000000000000000000000000000000
          f64x2.gt
          v128.const 0x01000000000000000100000000000000
          v128.and
          v128.or
          f32x4.demote_f64x2_zero
          local.get 5
          local.get 5
          i8x16.shuffle 0x08090a0b0c0d0e0f08090a0b0c0d0e0f
          f64x2.promote_low_f32x4
          local.get 7
          local.get 7
          i8x16.shuffle 0x08090a0b0c0d0e0f08090a0b0c0d0e0f
          f64x2.promote_low_f32x4
          f64x2.mul
          local.set 14
          local.get 9
          local.get 9
          i8x16.shuffle 0x08090a0b0c0d0e0f08090a0b0c0d0e0f
          f64x2.promote_low_f32x4
          local.set 13
          local.get 14
          local.get 13
          f64x2.add
          local.tee 12
          local.get 14
          f64x2.sub
          local.set 11
          local.get 14
          local.get 12
          local.get 11
          f64x2.sub
          f64x2.sub
          local.get 13
          local.get 11
          f64x2.sub
          f64x2.add
          local.set 11
          local.get 12
          local.get 12
          local.get 11
          v128.xor
          v128.const 0x00000000000000000000000000000000
          i64x2.lt_s
          local.get 11
          f64x2.abs
          v128.const 0x00000000000000000000000000000000
          f64x2.gt
          v128.and
          i64x2.add
          local.get 11
          f64x2.abs
          v128.const 0x00000000000000000000000000000000
          f64x2.gt
          v128.const 0x01000000000000000100000000000000
          v128.and
          v128.or
          f32x4.demote_f64x2_zero
          i8x16.shuffle 0x00010203040506071011121314151617
          local.set 10
          local.get 10
          local.get 10
          f32x4.ne
          v128.any_true
          if
            i32.const 0
            local.get 5
            v128.store offset=0x480
            i32.const 0
            local.get 7
            v128.store offset=0x490
            i32.const 0
            local.get 9
            v128.store offset=0x4a0
            i32.const 17670
            i32.const 0
            call fpExact
            i32.const 0
            v128.load offset=0x4b0
            local.set 10
          end
          local.get 10
          local.set 8
          local.get 15
          local.set 9
          local.get 6
          local.set 7
          local.get 16
          local.set 5
          local.get 9
          v128.const 0x000000020000a041000000020000a041
          f64x2.mul
          local.tee 12
          local.get 12
          local.get 9
          f64x2.sub
          f64x2.sub
          local.set 12
          local.get 9
          local.get 12
          f64x2.sub
          local.set 14
          local.get 7
          v128.const 0x000000020000a041000000020000a041
          f64x2.mul
          local.tee 13
          local.get 13
          local.get 7
          f64x2.sub
          f64x2.sub
          local.set 13
          local.get 7
          local.get 13
          f64x2.sub
          local.set 17
          local.get 14
          local.get 17
          f64x2.mul
          local.get 9
          local.get 7
          f64x2.mul
          local.tee 10
          local.get 12
          local.get 13
          f64x2.mul
          f64x2.sub
          local.get 14
          local.get 13
          f64x2.mul
          f64x2.sub
          local.get 12
          local.get 17
          f64x2.mul
          f64x2.sub
          f64x2.sub
          local.set 11
          local.get 10
          local.get 5
          f64x2.add
          local.tee 17
          local.get 10
          f64x2.sub
          local.set 14
          local.get 10
          local.get 17
          local.get 14
          f64x2.sub
          f64x2.sub
          local.get 5
          local.get 14
          f64x2.sub
          f64x2.add
          local.set 14
          local.get 14
          local.get 11
          f64x2.add
          local.set 13
          local.get 17
          local.get 13
          f64x2.add
          local.set 12
          local.get 10
          f64x2.abs
          local.get 9
          f64x2.abs
          f64x2.add
          local.get 7
          f64x2.abs
          f64x2.add
          local.get 5
          f64x2.abs
          f64x2.add
          v128.const 0x000000000000d07d000000000000d07d
          f64x2.lt
          local.get 10
          f64x2.abs
          v128.const 0x000000000000f003000000000000f003
          f64x2.ge
          v128.and
          local.get 13
          local.get 12
          local.get 17
          f64x2.sub
          f64x2.sub
          v128.const 0xffffffffffff0f00ffffffffffff0f00
          v128.and
          v128.const 0x00000000000000000000000000000000
          i64x2.eq
          local.get 14
          v128.const 0x00000000000000000000000000000000
          f64x2.ne
          v128.and
          local.get 11
          v128.const 0x00000000000000000000000000000000
          f64x2.ne
          v128.and
          v128.andnot
          local.tee 18
          i64x2.all_true
          i32.eqz
          if
            local.get 10
            local.get 5
            f64x2.add
            local.tee 19
            local.get 12
            local.get 9
            v128.const 0x00000000000000000000000000000000
            f64x2.eq
            local.get 7
            v128.const 0x00000000000000000000000000000000
            f64x2.eq
            v128.or
            local.get 19
            local.get 19
            f64x2.eq
            v128.and
            local.get 18
            v128.andnot
            v128.bitselect
            local.set 12
            local.get 9
            v128.const 0x00000000000000000000000000000000
            f64x2.eq
            local.get 7
            v128.const 0x00000000000000000000000000000000
            f64x2.eq
            v128.or
            local.get 19
            local.get 19
            f64x2.eq
            v128.and
            local.get 18
            v128.or
            i64x2.all_true
            i32.eqz
            if
              i32.const 0
              local.get 9
              v128.store offset=0x480
              i32.const 0
              local.get 7
              v128.store offset=0x490
              i32.const 0
              local.get 5
              v128.store offset=0x4a0
              i32.const 10758
              i32.const 0
              call fpExact
              i32.const 0
              v128.load offset=0x4b0
              local.set 12
            end
          end
          local.get 12
          local.set 16
          i32.const 0
          local.get 8
          v128.store offset=0x200
          i32.const 0
          local.get 16
          v128.store offset=0x240
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923464
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
