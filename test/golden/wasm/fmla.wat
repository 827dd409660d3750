;; fmla v0.4s, v1.4s, v2.4s
;; fmla v4.2d, v3.2d, v2.2d

func f0 (locals 3 i32, 16 v128)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  v128.load offset=0x200
  local.set 7
  i32.const 0
  v128.load offset=0x210
  local.set 3
  i32.const 0
  v128.load offset=0x220
  local.set 5
  i32.const 0
  v128.load offset=0x230
  local.set 14
  i32.const 0
  v128.load offset=0x240
  local.set 15
  block
    block
      local.get 0
      i32.const 3
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
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
          local.get 3
          local.set 4
          local.get 5
          local.set 6
          local.get 7
          local.set 8
          local.get 4
          f64x2.promote_low_f32x4
          local.get 6
          f64x2.promote_low_f32x4
          f64x2.mul
          local.set 10
          local.get 8
          f64x2.promote_low_f32x4
          local.set 11
          local.get 10
          local.get 11
          f64x2.add
          local.tee 12
          local.get 10
          f64x2.sub
          local.set 13
          local.get 10
          local.get 12
          local.get 13
          f64x2.sub
          f64x2.sub
          local.get 11
          local.get 13
          f64x2.sub
          f64x2.add
          local.set 13
          local.get 12
          local.get 12
          local.get 13
          v128.xor
          v128.const 0x00000000000000000000000000000000
          i64x2.lt_s
          local.get 13
          f64x2.abs
          v128.const 0x00000000000000000000000000000000
          f64x2.gt
          v128.and
          i64x2.add
          local.get 13
          f64x2.abs
          v128.const 0x00000000000000000000000000000000
          f64x2.gt
          v128.const 0x01000000000000000100000000000000
          v128.and
          v128.or
          f32x4.demote_f64x2_zero
          local.get 4
          local.get 4
          i8x16.shuffle 0x08090a0b0c0d0e0f08090a0b0c0d0e0f
          f64x2.promote_low_f32x4
          local.get 6
          local.get 6
          i8x16.shuffle 0x08090a0b0c0d0e0f08090a0b0c0d0e0f
          f64x2.promote_low_f32x4
          f64x2.mul
          local.set 13
          local.get 8
          local.get 8
          i8x16.shuffle 0x08090a0b0c0d0e0f08090a0b0c0d0e0f
          f64x2.promote_low_f32x4
          local.set 12
          local.get 13
          local.get 12
          f64x2.add
          local.tee 11
          local.get 13
          f64x2.sub
          local.set 10
          local.get 13
          local.get 11
          local.get 10
          f64x2.sub
          f64x2.sub
          local.get 12
          local.get 10
          f64x2.sub
          f64x2.add
          local.set 10
          local.get 11
          local.get 11
          local.get 10
          v128.xor
          v128.const 0x00000000000000000000000000000000
          i64x2.lt_s
          local.get 10
          f64x2.abs
          v128.const 0x00000000000000000000000000000000
          f64x2.gt
          v128.and
          i64x2.add
          local.get 10
          f64x2.abs
          v128.const 0x00000000000000000000000000000000
          f64x2.gt
          v128.const 0x01000000000000000100000000000000
          v128.and
          v128.or
          f32x4.demote_f64x2_zero
          i8x16.shuffle 0x00010203040506071011121314151617
          local.set 9
          local.get 9
          local.get 9
          f32x4.ne
          v128.any_true
          if
            i32.const 0
            local.get 4
            v128.store offset=0x480
            i32.const 0
            local.get 6
            v128.store offset=0x490
            i32.const 0
            local.get 8
            v128.store offset=0x4a0
            i32.const 17670
            i32.const 0
            call fpExact
            i32.const 0
            v128.load offset=0x4b0
            local.set 9
          end
          local.get 9
          local.set 7
          local.get 14
          local.set 8
          local.get 5
          local.set 6
          local.get 15
          local.set 4
          local.get 8
          v128.const 0x000000020000a041000000020000a041
          f64x2.mul
          local.tee 11
          local.get 11
          local.get 8
          f64x2.sub
          f64x2.sub
          local.set 11
          local.get 8
          local.get 11
          f64x2.sub
          local.set 13
          local.get 6
          v128.const 0x000000020000a041000000020000a041
          f64x2.mul
          local.tee 12
          local.get 12
          local.get 6
          f64x2.sub
          f64x2.sub
          local.set 12
          local.get 6
          local.get 12
          f64x2.sub
          local.set 16
          local.get 13
          local.get 16
          f64x2.mul
          local.get 8
          local.get 6
          f64x2.mul
          local.tee 9
          local.get 11
          local.get 12
          f64x2.mul
          f64x2.sub
          local.get 13
          local.get 12
          f64x2.mul
          f64x2.sub
          local.get 11
          local.get 16
          f64x2.mul
          f64x2.sub
          f64x2.sub
          local.set 10
          local.get 9
          local.get 4
          f64x2.add
          local.tee 16
          local.get 9
          f64x2.sub
          local.set 13
          local.get 9
          local.get 16
          local.get 13
          f64x2.sub
          f64x2.sub
          local.get 4
          local.get 13
          f64x2.sub
          f64x2.add
          local.set 13
          local.get 13
          local.get 10
          f64x2.add
          local.set 12
          local.get 16
          local.get 12
          f64x2.add
          local.set 11
          local.get 9
          f64x2.abs
          local.get 8
          f64x2.abs
          f64x2.add
          local.get 6
          f64x2.abs
          f64x2.add
          local.get 4
          f64x2.abs
          f64x2.add
          v128.const 0x000000000000d07d000000000000d07d
          f64x2.lt
          local.get 9
          f64x2.abs
          v128.const 0x000000000000f003000000000000f003
          f64x2.ge
          v128.and
          local.get 12
          local.get 11
          local.get 16
          f64x2.sub
          f64x2.sub
          v128.const 0xffffffffffff0f00ffffffffffff0f00
          v128.and
          v128.const 0x00000000000000000000000000000000
          i64x2.eq
          local.get 13
          v128.const 0x00000000000000000000000000000000
          f64x2.ne
          v128.and
          local.get 10
          v128.const 0x00000000000000000000000000000000
          f64x2.ne
          v128.and
          v128.andnot
          local.tee 17
          i64x2.all_true
          i32.eqz
          if
            local.get 9
            local.get 4
            f64x2.add
            local.tee 18
            local.get 11
            local.get 8
            v128.const 0x00000000000000000000000000000000
            f64x2.eq
            local.get 6
            v128.const 0x00000000000000000000000000000000
            f64x2.eq
            v128.or
            local.get 18
            local.get 18
            f64x2.eq
            v128.and
            local.get 17
            v128.andnot
            v128.bitselect
            local.set 11
            local.get 8
            v128.const 0x00000000000000000000000000000000
            f64x2.eq
            local.get 6
            v128.const 0x00000000000000000000000000000000
            f64x2.eq
            v128.or
            local.get 18
            local.get 18
            f64x2.eq
            v128.and
            local.get 17
            v128.or
            i64x2.all_true
            i32.eqz
            if
              i32.const 0
              local.get 8
              v128.store offset=0x480
              i32.const 0
              local.get 6
              v128.store offset=0x490
              i32.const 0
              local.get 4
              v128.store offset=0x4a0
              i32.const 10758
              i32.const 0
              call fpExact
              i32.const 0
              v128.load offset=0x4b0
              local.set 11
            end
          end
          local.get 11
          local.set 15
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
    i32.const 0
    local.get 7
    v128.store offset=0x200
    i32.const 0
    local.get 15
    v128.store offset=0x240
  end
  local.get 1
end
func f1 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923468
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923468
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
func f2 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923472
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
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
func f3 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923476
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923476
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
func f4 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923480
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923480
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
func f5 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923484
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923484
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
func f6 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923488
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923488
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
func f7 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923492
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923492
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
func f8 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923496
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923496
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
func f9 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923500
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923500
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
func f10 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923504
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923504
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
func f11 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923508
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923508
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
func f12 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923512
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923512
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
func f13 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923516
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923516
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
func f14 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923520
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923520
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
func f15 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923524
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923524
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
func f16 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923528
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923528
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
func f17 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923532
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923532
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
func f18 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923536
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923536
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
func f19 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923540
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923540
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
func f20 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923544
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923544
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
func f21 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923548
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923548
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
func f22 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923552
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923552
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
func f23 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923556
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923556
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
func f24 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923560
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923560
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
func f25 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923564
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923564
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
func f26 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923568
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923568
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
func f27 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923572
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923572
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
func f28 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923576
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923576
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
func f29 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923580
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923580
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
func f30 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923584
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923584
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
func f31 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923588
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923588
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
func f32 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923592
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923592
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
func f33 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923596
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923596
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
func f34 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923600
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923600
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
func f35 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923604
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923604
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
func f36 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923608
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923608
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
func f37 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923612
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923612
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
func f38 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923616
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923616
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
func f39 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923620
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923620
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
func f40 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923624
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923624
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
func f41 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923628
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923628
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
func f42 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923632
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923632
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
func f43 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923636
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923636
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
func f44 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923640
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923640
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
func f45 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923644
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923644
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
func f46 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923648
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923648
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
func f47 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923652
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923652
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
func f48 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923656
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923656
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
func f49 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923660
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923660
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
func f50 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923664
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923664
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
func f51 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923668
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923668
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
func f52 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923672
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923672
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
func f53 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923676
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923676
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
func f54 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923680
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923680
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
func f55 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923684
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923684
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
func f56 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923688
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923688
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
func f57 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923692
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923692
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
func f58 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923696
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923696
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
func f59 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923700
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923700
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
func f60 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923704
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923704
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
func f61 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923708
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923708
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
func f62 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923712
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923712
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
func f63 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923716
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923716
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
func f64 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923720
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923720
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
func f65 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923724
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923724
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
func f66 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923728
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923728
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
func f67 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923732
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923732
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
func f68 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923736
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923736
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
func f69 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923740
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923740
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
func f70 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923744
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923744
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
func f71 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923748
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923748
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
func f72 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923752
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923752
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
func f73 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923756
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923756
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
func f74 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923760
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923760
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
func f75 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923764
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923764
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
func f76 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923768
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923768
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
func f77 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923772
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923772
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
func f78 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923776
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923776
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
func f79 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923780
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923780
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
func f80 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923784
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923784
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
func f81 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923788
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923788
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
func f82 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923792
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923792
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
func f83 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923796
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923796
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
func f84 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923800
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923800
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
func f85 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923804
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923804
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
func f86 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923808
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923808
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
func f87 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923812
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923812
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
func f88 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923816
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923816
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
func f89 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923820
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923820
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
func f90 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923824
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923824
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
func f91 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923828
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923828
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
func f92 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923832
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923832
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
func f93 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923836
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923836
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
func f94 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923840
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923840
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
func f95 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923844
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923844
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
func f96 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923848
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923848
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
func f97 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923852
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923852
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
func f98 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923856
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923856
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
func f99 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923860
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923860
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
func f100 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923864
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923864
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
func f101 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923868
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923868
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
func f102 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923872
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923872
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
func f103 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923876
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923876
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
func f104 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923880
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923880
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
func f105 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923884
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923884
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
func f106 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923888
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923888
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
func f107 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923892
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923892
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
func f108 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923896
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923896
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
func f109 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923900
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923900
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
func f110 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923904
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923904
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
func f111 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923908
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923908
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
func f112 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923912
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923912
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
func f113 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923916
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923916
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
func f114 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923920
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923920
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
func f115 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923924
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923924
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
func f116 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923928
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923928
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
func f117 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923932
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923932
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
func f118 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923936
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923936
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
func f119 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923940
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923940
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
func f120 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923944
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923944
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
func f121 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923948
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923948
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
func f122 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923952
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923952
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
func f123 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923956
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923956
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
func f124 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923960
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923960
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
func f125 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923964
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923964
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
func f126 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923968
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923968
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
func f127 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923972
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923972
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
func f128 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923976
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923976
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
func f129 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923980
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923980
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
func f130 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923984
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923984
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
func f131 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923988
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923988
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
func f132 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923992
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923992
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
func f133 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923996
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923996
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
func f134 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924000
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924000
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
func f135 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924004
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924004
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
func f136 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924008
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924008
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
func f137 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924012
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924012
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
func f138 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924016
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924016
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
func f139 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924020
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924020
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
func f140 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924024
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924024
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
func f141 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924028
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924028
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
func f142 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924032
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924032
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
func f143 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924036
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924036
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
func f144 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924040
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924040
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
func f145 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924044
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924044
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
func f146 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924048
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924048
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
func f147 (locals 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.sub
      i32.const 0
      i32.load offset=0x5ec
      i32.lt_s
      if
        i32.const 0
        i64.const 34379924052
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const 33554432
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379924052
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
